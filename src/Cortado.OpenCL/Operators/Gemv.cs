using System.Globalization;
using Cortado.Backends.Contracts;
using Cortado.OpenCL.Runtime;
using Cortado.Tensors;

namespace Cortado.OpenCL.Operators;

/// <summary>
/// A fully connected product for a few examples: the kernels of gemv.cl, which read each weight once. Frozen weights are copied where that makes them faster to
/// read: to half precision if the backend is asked to, and on GPUs to rows that begin at whole vectors.
/// </summary>
internal sealed class Gemv : IFewExamples
{
    /// <summary>The most examples.</summary>
    public const int MaxBatch = 4;

    // 16 bytes, the most that a work-item of most GPUs reads with one instruction.
    private const int GpuWidth = 4;

    private readonly OpenClBackend _backend;
    private readonly InnerProductSpec _spec;
    private readonly Kernel _product;
    private readonly Kernel? _finish, _copy;
    private readonly DeviceMemory? _copied;
    private readonly ElementTuning _elements;
    private readonly int _rowsEach, _slices, _sliceInputs, _lines, _length, _pitch;
    private bool _isCopied;

    public Gemv(OpenClBackend backend, InnerProductSpec spec)
    {
        _backend = backend;
        _spec = spec;
        (_lines, _length) = spec.TransposedWeights ? (spec.Inputs, spec.Outputs) : (spec.Outputs, spec.Inputs);
        // Copying costs more than one product gains.
        bool gpu = !backend.UsesCpuKernels, half = spec.FrozenWeights && backend.HalfWeights, copies = half || (gpu && spec.FrozenWeights && _length % GpuWidth != 0);
        _pitch = gpu && copies ? PanelTuning.RoundUp(_length, GpuWidth) : _length;
        int width = GpuWidth;
        while (_pitch % width != 0) width /= 2;
        ElementTuning single = ElementTuning.Single(backend);
        string options = string.Format(CultureInfo.InvariantCulture, " -D BATCH={0}{1}{2}{3}", spec.Batch, half ? " -D HALF_WEIGHTS" : "", gpu ? " -D ALIGNED" : "",
            gpu && (spec.Batch == 1 || spec.Inputs % width == 0) ? " -D ALIGNED_INPUTS" : "");
        if (copies)
        {
            _copied = new DeviceMemory(backend, (long)_lines * _pitch * (half ? sizeof(ushort) : sizeof(float)));
            _copy = backend.CreateKernel("gemv.cl", single.CompileOptions + (half ? " -D HALF_WEIGHTS" : ""), "copy_weights", single.WorkGroup);
        }
        if (spec.TransposedWeights)
        {
            _elements = gpu ? ElementTuning.Default(backend) with { Width = width } : ElementTuning.Columns(backend);
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
            if (gpu) lanes = lanes with { Width = width };
            // Many rows at a time are as many streams from memory; sums of all should fit the registers.
            _rowsEach = gpu ? 1 : spec.Batch == 1 ? 8 : 4;
            options += string.Format(CultureInfo.InvariantCulture, " -D ROWS_EACH={0}", _rowsEach);
            _product = backend.CreateKernel("gemv.cl", lanes.CompileOptions + options, "gemv_rows", lanes.Lanes);
        }
    }

    public void WeightsChanged() => _isCopied = false;

    public void Run(DeviceBuffer input, DeviceBuffer weights, DeviceBuffer? bias, DeviceBuffer output)
    {
        if (_copied != null && !_isCopied)
        {
            int count = checked(_lines * _pitch);
            _copy!.Read(weights).Memory(_copied).Number(count).Number(_length).Number(_pitch).RunItems(count);
            _isCopied = true;
        }
        int relu = _spec.FuseRelu ? 1 : 0;
        _product.Read(input);
        if (_copied != null) _product.Memory(_copied);
        else _product.Read(weights);
        if (_finish == null)
        {
            _product.Read(bias).Write(output).Number(_spec.Inputs).Number(_spec.Outputs).Number(_pitch).Number(relu).Run((_spec.Outputs + _rowsEach - 1) / _rowsEach);
            return;
        }
        DeviceMemory sums = _backend.Workspace.Memory;
        long items = _elements.Items(_spec.Outputs), group = _elements.WorkGroup;
        _product.Memory(sums).Number(_spec.Inputs).Number(_spec.Outputs).Number(_pitch).Number(_sliceInputs).Run((items + group - 1) / group, _slices);
        int outputs = _spec.Batch * _spec.Outputs;
        _finish.Memory(sums).Read(bias).Write(output).Number(outputs).Number(_spec.Outputs).Number(_slices).Number(relu).RunItems(outputs);
    }

    public void Dispose()
    {
        _product.Dispose();
        _finish?.Dispose();
        _copy?.Dispose();
        _copied?.Dispose();
    }
}
