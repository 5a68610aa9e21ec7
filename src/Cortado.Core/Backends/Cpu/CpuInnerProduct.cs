using System.Runtime.CompilerServices;
using Cortado.Backends.Contracts;
using Cortado.Tensors;

namespace Cortado.Backends.Cpu;

/// <summary>
/// The managed backend's fully connected product: a streaming matrix-vector product for a few examples, a matrix product for more.
/// The weights are always the operand that is read once; for that the product is computed transposed where need be.
/// </summary>
internal sealed unsafe class CpuInnerProduct : LaneTasks, IInnerProduct
{
    private const int BiasShare = 512;

    private readonly CpuBackend _backend;
    private readonly InnerProductSpec _spec;
    private readonly Gemm? _forward;
    private readonly Gemv? _forwardFew;
    private Gemm? _backwardData, _backwardWeights;
    private float* _outputDiff, _biasDiff;

    public CpuInnerProduct(CpuBackend backend, InnerProductSpec spec)
    {
        _backend = backend;
        _spec = spec;
        SetWork((double)spec.Batch * spec.Outputs);
        if (spec.Batch <= GemvKernel.MaxVectors)
            _forwardFew = new Gemv(backend, spec.Batch, spec.Inputs, spec.Outputs, spec.TransposedWeights, spec.FuseRelu);
        else if (spec.TransposedWeights)
            _forward = new Gemm(backend, new GemmShape(spec.Batch, spec.Outputs, spec.Inputs, false, false, false, false));
        else
            _forward = new Gemm(backend, new GemmShape(spec.Outputs, spec.Batch, spec.Inputs, false, true, true, false));
    }

    public void Forward(DeviceBuffer input, DeviceBuffer weights, DeviceBuffer? bias, DeviceBuffer output)
    {
        float* x = input.HostPointer(HostAccess.Read), w = weights.HostPointer(HostAccess.Read), y = output.HostPointer(HostAccess.Write);
        float* b = bias == null ? null : bias.HostPointer(HostAccess.Read);
        if (_forwardFew != null) _forwardFew.Run(x, w, b, y);
        else if (_spec.TransposedWeights) _forward!.Run(x, w, null, b, _spec.FuseRelu, y);
        else _forward!.Run(w, x, b, null, _spec.FuseRelu, y);
        KeepAlive(input, weights, bias, output);
    }

    public void BackwardData(DeviceBuffer outputDiff, DeviceBuffer weights, DeviceBuffer inputDiff)
    {
        float* dy = outputDiff.HostPointer(HostAccess.Read), w = weights.HostPointer(HostAccess.Read), dx = inputDiff.HostPointer(HostAccess.Write);
        _backwardData ??= new Gemm(_backend, _spec.TransposedWeights
            ? new GemmShape(_spec.Inputs, _spec.Batch, _spec.Outputs, false, true, true, false)
            : new GemmShape(_spec.Batch, _spec.Inputs, _spec.Outputs, false, false, false, false));
        if (_spec.TransposedWeights) _backwardData.Run(w, dy, null, null, false, dx);
        else _backwardData.Run(dy, w, null, null, false, dx);
        KeepAlive(outputDiff, weights, null, inputDiff);
    }

    public void BackwardWeights(DeviceBuffer input, DeviceBuffer outputDiff, DeviceBuffer? weightsDiff, DeviceBuffer? biasDiff)
    {
        float* x = input.HostPointer(HostAccess.Read), dy = outputDiff.HostPointer(HostAccess.Read);
        if (weightsDiff != null)
        {
            _backwardWeights ??= new Gemm(_backend, _spec.TransposedWeights
                ? new GemmShape(_spec.Inputs, _spec.Outputs, _spec.Batch, true, false, false, true)
                : new GemmShape(_spec.Outputs, _spec.Inputs, _spec.Batch, true, false, false, true));
            float* dw = weightsDiff.HostPointer(HostAccess.ReadWrite);
            if (_spec.TransposedWeights) _backwardWeights.Run(x, dy, null, null, false, dw);
            else _backwardWeights.Run(dy, x, null, null, false, dw);
        }
        if (biasDiff != null)
        {
            _outputDiff = dy;
            _biasDiff = biasDiff.HostPointer(HostAccess.ReadWrite);
            RunTasks(_backend.Workers, 0, GemmBlocking.DivideUp(_spec.Outputs, BiasShare));
        }
        KeepAlive(input, outputDiff, weightsDiff, biasDiff);
    }

    public void WeightsChanged() { }

    public void Dispose() { }

    /// <summary>The pointers above do not hold the buffers: a caller that lets go of one during the call would lose it to the collector.</summary>
    private static void KeepAlive(DeviceBuffer first, DeviceBuffer? second, DeviceBuffer? third, DeviceBuffer? fourth)
    {
        GC.KeepAlive(first);
        GC.KeepAlive(second);
        GC.KeepAlive(third);
        GC.KeepAlive(fourth);
    }

    [MethodImpl(KernelCode.Optimized)]
    protected override void RunTask(int phase, int task, int lane)
    {
        int begin = task * BiasShare, end = Math.Min(_spec.Outputs, begin + BiasShare);
        for (int example = 0; example < _spec.Batch; example++)
        {
            float* row = _outputDiff + (nint)example * _spec.Outputs;
            for (int i = begin; i < end; i++) _biasDiff[i] += row[i];
        }
    }
}
