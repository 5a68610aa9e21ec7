using System.Numerics;
using System.Runtime.CompilerServices;
using Cortado.Backends.Contracts;
using Cortado.Tensors;

namespace Cortado.Backends.Cpu;

/// <summary>A ReLU with learnable slopes. A piece of work is one channel of all images, so that a slope's gradient has one owner.</summary>
internal sealed unsafe class CpuPRelu : IPRelu, IParallelWork
{
    private enum Pass
    {
        Forward,
        BackwardData,
        BackwardSlopes,
    }

    private readonly CpuBackend _backend;
    private readonly PReluSpec _spec;
    private readonly double[] _sums;
    private float* _x, _slopes, _y, _dy, _dx;
    private Pass _pass;

    public CpuPRelu(CpuBackend backend, PReluSpec spec)
    {
        _backend = backend;
        _spec = spec;
        _sums = new double[spec.Channels];
    }

    public void Forward(DeviceBuffer input, DeviceBuffer slopes, DeviceBuffer output)
    {
        _x = input.HostPointer(HostAccess.Read);
        _slopes = slopes.HostPointer(HostAccess.Read);
        _y = output.HostPointer(input == output ? HostAccess.ReadWrite : HostAccess.Write);
        Run(Pass.Forward);
    }

    public void BackwardData(DeviceBuffer input, DeviceBuffer slopes, DeviceBuffer outputDiff, DeviceBuffer inputDiff)
    {
        _x = input.HostPointer(HostAccess.Read);
        _slopes = slopes.HostPointer(HostAccess.Read);
        _dy = outputDiff.HostPointer(HostAccess.Read);
        _dx = inputDiff.HostPointer(outputDiff == inputDiff ? HostAccess.ReadWrite : HostAccess.Write);
        Run(Pass.BackwardData);
    }

    public void BackwardSlopes(DeviceBuffer input, DeviceBuffer outputDiff, DeviceBuffer slopesDiff)
    {
        _x = input.HostPointer(HostAccess.Read);
        _dy = outputDiff.HostPointer(HostAccess.Read);
        float* gradient = slopesDiff.HostPointer(HostAccess.ReadWrite);
        Run(Pass.BackwardSlopes);
        if (_spec.Shared)
        {
            double sum = 0;
            foreach (double channel in _sums) sum += channel;
            gradient[0] += (float)sum;
        }
        else
        {
            for (int c = 0; c < _sums.Length; c++) gradient[c] += (float)_sums[c];
        }
    }

    public void Dispose() { }

    void IParallelWork.Run(int index)
    {
        long image = (long)_spec.Channels * _spec.Pixels, offset = (long)index * _spec.Pixels;
        double sum = 0;
        for (int n = 0; n < _spec.Batch; n++, offset += image)
        {
            if (_pass == Pass.BackwardSlopes) sum += SlopeGradient(_x + offset, _dy + offset, _spec.Pixels);
            else Apply(_slopes[_spec.Shared ? 0 : index], offset);
        }
        if (_pass == Pass.BackwardSlopes) _sums[index] = sum;
    }

    private void Run(Pass pass)
    {
        _pass = pass;
        _backend.Workers.Run(this, _spec.Channels);
    }

    /// <summary>With its slope given it is a ReLU like any other.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private void Apply(float slope, long offset)
    {
        var relu = new ReluFunction(slope);
        long i = offset, end = offset + _spec.Pixels;
        if (_pass == Pass.Forward)
        {
            for (; i <= end - VectorLoop.Width; i += VectorLoop.Width) Unsafe.WriteUnaligned(_y + i, relu.Forward(Load(_x + i)));
            for (; i < end; i++) _y[i] = relu.Forward(_x[i]);
        }
        else
        {
            for (; i <= end - VectorLoop.Width; i += VectorLoop.Width)
                Unsafe.WriteUnaligned(_dx + i, relu.Backward(Load(_x + i), default, Load(_dy + i)));
            for (; i < end; i++) _dx[i] = relu.Backward(_x[i], 0, _dy[i]);
        }
    }

    [MethodImpl(KernelCode.Optimized)]
    private static double SlopeGradient(float* x, float* dy, int count)
    {
        double sum = 0;
        for (int i = 0; i < count; i++) sum += dy[i] * x[i] * (x[i] <= 0 ? 1 : 0);
        return sum;
    }

    private static Vector<float> Load(float* from) => Unsafe.ReadUnaligned<Vector<float>>(from);
}
