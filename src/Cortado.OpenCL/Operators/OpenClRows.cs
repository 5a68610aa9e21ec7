using Cortado.Backends.Contracts;
using Cortado.OpenCL.Runtime;
using Cortado.Tensors;

namespace Cortado.OpenCL.Operators;

/// <summary>Copies runs several times, and sums them back.</summary>
internal sealed class OpenClTile : ITile
{
    private readonly TileSpec _spec;
    private readonly Kernel _forward, _backward;

    public OpenClTile(OpenClBackend backend, TileSpec spec)
    {
        _spec = spec;
        ElementTuning elements = ElementTuning.Single(backend);
        _forward = backend.CreateKernel("rows.cl", elements.CompileOptions, "tile", elements.WorkGroup);
        _backward = backend.CreateKernel("rows.cl", elements.CompileOptions, "tile_backward", elements.WorkGroup);
    }

    public void Forward(DeviceBuffer input, DeviceBuffer output) => Run(_forward.Read(input).Write(output), checked(_spec.Outer * _spec.Inner * _spec.Tiles));

    public void Backward(DeviceBuffer outputDiff, DeviceBuffer inputDiff) => Run(_backward.Read(outputDiff).Write(inputDiff), _spec.Outer * _spec.Inner);

    public void Dispose()
    {
        _forward.Dispose();
        _backward.Dispose();
    }

    private void Run(Kernel kernel, int count) => kernel.Number(count).Number(_spec.Inner).Number(_spec.Tiles).RunItems(count);
}

/// <summary>One number for each row, which a work-group sums.</summary>
internal sealed class OpenClReduction : IReduction
{
    private readonly ReductionSpec _spec;
    private readonly Kernel _forward, _backward;

    public OpenClReduction(OpenClBackend backend, ReductionSpec spec)
    {
        _spec = spec;
        string term = spec.Kind switch
        {
            ReductionKind.Sum => "",
            ReductionKind.AbsSum => " -D ABSOLUTES",
            _ => " -D SQUARES",
        };
        ReductionTuning lanes = ReductionTuning.Default(backend);
        ElementTuning elements = ElementTuning.Single(backend);
        _forward = backend.CreateKernel("rows.cl", lanes.CompileOptions + term, "reduce_rows", lanes.Lanes);
        _backward = backend.CreateKernel("rows.cl", elements.CompileOptions + term, "reduce_rows_backward", elements.WorkGroup);
    }

    public void Forward(DeviceBuffer input, DeviceBuffer output) => _forward.Read(input).Write(output).Number(_spec.Length).Number(_spec.Coefficient).Run(_spec.Rows);

    public void Backward(DeviceBuffer input, DeviceBuffer outputDiff, DeviceBuffer inputDiff)
    {
        int count = checked(_spec.Rows * _spec.Length);
        _backward.Read(input).Read(outputDiff).Write(inputDiff).Number(count).Number(_spec.Length).Number(_spec.Coefficient).RunItems(count);
    }

    public void Dispose()
    {
        _forward.Dispose();
        _backward.Dispose();
    }
}

/// <summary>Normalises rows, each in a work-group.</summary>
internal sealed class OpenClMeanVariance : IMeanVariance
{
    private readonly MeanVarianceSpec _spec;
    private readonly Kernel _forward, _backward;

    public OpenClMeanVariance(OpenClBackend backend, MeanVarianceSpec spec)
    {
        _spec = spec;
        ReductionTuning lanes = ReductionTuning.Default(backend);
        _forward = backend.CreateKernel("rows.cl", lanes.CompileOptions, "normalize_rows", lanes.Lanes);
        _backward = backend.CreateKernel("rows.cl", lanes.CompileOptions, "normalize_rows_backward", lanes.Lanes);
    }

    private int Variance => _spec.NormalizeVariance ? 1 : 0;

    public void Forward(DeviceBuffer input, DeviceBuffer output, DeviceBuffer deviation) =>
        _forward.Read(input).Write(output).Write(deviation).Number(_spec.Length).Number(Variance).Number(_spec.Epsilon).Run(_spec.Rows);

    public void Backward(DeviceBuffer output, DeviceBuffer deviation, DeviceBuffer outputDiff, DeviceBuffer inputDiff) =>
        _backward.Read(output).Read(deviation).Read(outputDiff).Write(inputDiff).Number(_spec.Length).Number(Variance).Run(_spec.Rows);

    public void Dispose()
    {
        _forward.Dispose();
        _backward.Dispose();
    }
}
