using Cortado.Backends.Contracts;
using Cortado.OpenCL.Runtime;
using Cortado.Tensors;

namespace Cortado.OpenCL.Operators;

/// <summary>What the losses of loss.cl have in common: sums of blocks of positions, and the divisor, which never leave the device.</summary>
internal sealed class OpenClLossSum : IDisposable
{
    // The same number stands in loss.cl.
    private const int Block = 2048;

    private readonly OpenClBackend _backend;
    private readonly ReductionTuning _lanes;
    private readonly ElementTuning _elements;
    private readonly DeviceMemory _sums, _valid, _scale;
    private readonly Kernel _finish, _scaleKernel;
    private readonly int _positions;
    private readonly float _divisor;

    public OpenClLossSum(OpenClBackend backend, int positions, int batch, LossNormalization normalization)
    {
        _backend = backend;
        _positions = positions;
        _divisor = normalization switch
        {
            LossNormalization.Full => Math.Max(1, positions),
            LossNormalization.BatchSize => Math.Max(1, batch),
            LossNormalization.Valid => 0,
            _ => 1,
        };
        Blocks = (positions + Block - 1) / Block;
        _lanes = ReductionTuning.Default(backend);
        _elements = ElementTuning.Single(backend);
        _sums = new DeviceMemory(backend, (long)Blocks * sizeof(float));
        _valid = new DeviceMemory(backend, (long)Blocks * sizeof(int));
        _scale = new DeviceMemory(backend, sizeof(float));
        _finish = Lanes("loss_finish", 1);
        _scaleKernel = Lanes("loss_scale", _lanes.Lanes);
    }

    /// <summary>Work-groups of a summing kernel.</summary>
    public int Blocks { get; }

    /// <summary>The factor of a backward pass, once <see cref="Scale"/> was called.</summary>
    public DeviceMemory ScaleMemory => _scale;

    public Kernel SumKernel(string name) => Lanes(name, _lanes.Lanes);

    public Kernel ElementKernel(string name) => _backend.CreateKernel("loss.cl", _elements.CompileOptions, name, _elements.WorkGroup);

    /// <summary>The next two arguments of a summing kernel: where its blocks go.</summary>
    public Kernel Into(Kernel kernel) => kernel.Memory(_sums).Memory(_valid);

    /// <summary>loss[0] = factor times the sum over the divisor.</summary>
    public void Finish(DeviceBuffer loss, float factor = 1) =>
        _finish.Memory(_sums).Memory(_valid).Number(Blocks).Number(_divisor).Number(factor).Write(loss).Run(1);

    /// <summary>Computes lossDiff over the divisor; the labels of a backward pass may be others than those of the last forward pass.</summary>
    public void Scale(DeviceBuffer labels, int? ignore, DeviceBuffer lossDiff) =>
        _scaleKernel.Read(labels).Number(_positions).Number(ignore.HasValue ? 1 : 0).Number(ignore ?? 0).Number(_divisor)
            .Read(lossDiff).Memory(_scale).Run(1);

    public void Dispose()
    {
        _sums.Dispose();
        _valid.Dispose();
        _scale.Dispose();
        _finish.Dispose();
        _scaleKernel.Dispose();
    }

    private Kernel Lanes(string name, int size) => _backend.CreateKernel("loss.cl", _lanes.CompileOptions, name, size);
}
