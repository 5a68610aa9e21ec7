using System.Globalization;
using Cortado.Backends.Contracts;
using Cortado.OpenCL.Runtime;
using Cortado.Tensors;

namespace Cortado.OpenCL.Operators;

/// <summary>A fully connected product for a few examples: the kernels of gemv.cl, which read each weight once.</summary>
internal sealed class Gemv : IFewExamples
{
    /// <summary>The most examples.</summary>
    public const int MaxBatch = 4;

    private readonly OpenClBackend _backend;
    private readonly InnerProductSpec _spec;
    private readonly Kernel _product;
    private readonly Kernel? _finish, _toHalf;
    private readonly DeviceMemory? _half;
    private readonly ElementTuning _elements;
    private readonly int _rowsEach, _slices, _sliceInputs;
    private bool _converted;

    public Gemv(OpenClBackend backend, InnerProductSpec spec)
    {
        _backend = backend;
        _spec = spec;
        // Converting costs more than one product gains.
        bool half = spec.FrozenWeights && backend.HalfWeights;
        ElementTuning single = ElementTuning.Single(backend);
        string options = string.Format(CultureInfo.InvariantCulture, " -D BATCH={0}{1}", spec.Batch, half ? " -D HALF_WEIGHTS" : "");
        if (half)
        {
            _half = new DeviceMemory(backend, (long)spec.Inputs * spec.Outputs * sizeof(ushort));
            _toHalf = backend.CreateKernel("gemv.cl", single.CompileOptions, "to_half", single.WorkGroup);
        }
        if (spec.TransposedWeights)
        {
            _elements = backend.UsesCpuKernels ? ElementTuning.Columns(backend) : ElementTuning.Default(backend);
            // Slices of the inputs, so that all of the device has work.
            long groups = (_elements.Items(spec.Outputs) + _elements.WorkGroup - 1) / _elements.WorkGroup, wanted = 8L * backend.Device.ComputeUnits;
            _slices = (int)Math.Max(1, Math.Min((wanted + groups - 1) / groups, (spec.Inputs + 255) / 256));
            _sliceInputs = (spec.Inputs + _slices - 1) / _slices;
            _slices = (spec.Inputs + _sliceInputs - 1) / _sliceInputs;
            _product = backend.CreateKernel("gemv.cl", _elements.CompileOptions + options, "gemv_columns", _elements.WorkGroup);
            _finish = backend.CreateKernel("gemv.cl", single.CompileOptions + options, "gemv_finish", single.WorkGroup);
            backend.Workspace.Reserve((long)_slices * spec.Batch * spec.Outputs * sizeof(float));
        }
        else
        {
            ReductionTuning lanes = ReductionTuning.Default(backend);
            if (!backend.UsesCpuKernels) lanes = lanes with { Width = 4 };
            // Many rows at a time are as many streams from memory; sums of all should fit the registers.
            _rowsEach = !backend.UsesCpuKernels ? 1 : spec.Batch == 1 ? 8 : 4;
            options += string.Format(CultureInfo.InvariantCulture, " -D ROWS_EACH={0}", _rowsEach);
            _product = backend.CreateKernel("gemv.cl", lanes.CompileOptions + options, "gemv_rows", lanes.Lanes);
        }
    }

    public void WeightsChanged() => _converted = false;

    public void Run(DeviceBuffer input, DeviceBuffer weights, DeviceBuffer? bias, DeviceBuffer output)
    {
        if (_half != null && !_converted)
        {
            int count = _spec.Inputs * _spec.Outputs;
            _toHalf!.Read(weights).Memory(_half).Number(count).RunItems(count);
            _converted = true;
        }
        int relu = _spec.FuseRelu ? 1 : 0;
        _product.Read(input);
        if (_half != null) _product.Memory(_half);
        else _product.Read(weights);
        if (_finish == null)
        {
            _product.Read(bias).Write(output).Number(_spec.Inputs).Number(_spec.Outputs).Number(relu).Run((_spec.Outputs + _rowsEach - 1) / _rowsEach);
            return;
        }
        DeviceMemory sums = _backend.Workspace.Memory;
        long items = _elements.Items(_spec.Outputs), group = _elements.WorkGroup;
        _product.Memory(sums).Number(_spec.Inputs).Number(_spec.Outputs).Number(_sliceInputs).Run((items + group - 1) / group, _slices);
        int outputs = _spec.Batch * _spec.Outputs;
        _finish.Memory(sums).Read(bias).Write(output).Number(outputs).Number(_spec.Outputs).Number(_slices).Number(relu).RunItems(outputs);
    }

    public void Dispose()
    {
        _product.Dispose();
        _finish?.Dispose();
        _toHalf?.Dispose();
        _half?.Dispose();
    }
}
