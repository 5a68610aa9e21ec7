using System.Numerics;
using System.Runtime.CompilerServices;
using Cortado.Backends.Contracts;
using Cortado.Tensors;

namespace Cortado.Backends.Cpu;

/// <summary>A product of arrays in blocks that stay in the cache while one array after the other is multiplied in.</summary>
internal sealed unsafe class CpuElementwiseProduct : IElementwiseProduct, IParallelWork
{
    private const int Block = 4096;

    private readonly CpuBackend _backend;
    private readonly int _count;
    private float*[] _factors = new float*[4];
    private float* _y, _divisor, _numerator;
    private int _inputs;

    public CpuElementwiseProduct(CpuBackend backend, ElementwiseProductSpec spec)
    {
        _backend = backend;
        _count = spec.Count;
    }

    public void Forward(ReadOnlySpan<DeviceBuffer> inputs, DeviceBuffer output)
    {
        Gather(inputs, skip: -1);
        Run(output, inputs[0] == output);
    }

    public void Backward(ReadOnlySpan<DeviceBuffer> inputs, int index, DeviceBuffer outputDiff, DeviceBuffer inputDiff)
    {
        Gather(inputs, skip: index);
        // The gradient is the last factor, as in Caffe.
        _factors[_inputs++] = outputDiff.HostPointer(HostAccess.Read);
        Run(inputDiff, false);
    }

    public void BackwardByDivision(DeviceBuffer input, DeviceBuffer output, DeviceBuffer outputDiff, DeviceBuffer inputDiff)
    {
        _numerator = output.HostPointer(HostAccess.Read);
        _divisor = input.HostPointer(HostAccess.Read);
        _inputs = 0;
        Reserve(1);
        _factors[_inputs++] = outputDiff.HostPointer(HostAccess.Read);
        Run(inputDiff, false);
        _divisor = null;
    }

    public void Dispose() { }

    void IParallelWork.Run(int index)
    {
        int start = index * Block, length = Math.Min(_count - start, Block);
        float* y = _y + start;
        int first = 0;
        if (_divisor != null) Divide(_numerator + start, _divisor + start, y, length);
        else
        {
            first = 1;
            if (_factors[0] != _y) new Span<float>(_factors[0] + start, length).CopyTo(new Span<float>(y, length));
        }
        for (int i = first; i < _inputs; i++) Multiply(_factors[i] + start, y, length);
    }

    private void Gather(ReadOnlySpan<DeviceBuffer> inputs, int skip)
    {
        Reserve(inputs.Length + 1);
        _inputs = 0;
        for (int i = 0; i < inputs.Length; i++)
            if (i != skip) _factors[_inputs++] = inputs[i].HostPointer(HostAccess.Read);
    }

    private void Reserve(int count)
    {
        if (_factors.Length < count) _factors = new float*[count];
    }

    private void Run(DeviceBuffer output, bool inPlace)
    {
        _y = output.HostPointer(inPlace ? HostAccess.ReadWrite : HostAccess.Write);
        _backend.Workers.Run(this, (_count + Block - 1) / Block);
    }

    private static void Multiply(float* x, float* y, int length)
    {
        int width = VectorLoop.Width, i = 0;
        for (; i <= length - width; i += width)
            Unsafe.WriteUnaligned(y + i, Unsafe.ReadUnaligned<Vector<float>>(y + i) * Unsafe.ReadUnaligned<Vector<float>>(x + i));
        for (; i < length; i++) y[i] *= x[i];
    }

    private static void Divide(float* numerator, float* divisor, float* y, int length)
    {
        int width = VectorLoop.Width, i = 0;
        for (; i <= length - width; i += width)
            Unsafe.WriteUnaligned(y + i, Unsafe.ReadUnaligned<Vector<float>>(numerator + i) / Unsafe.ReadUnaligned<Vector<float>>(divisor + i));
        for (; i < length; i++) y[i] = numerator[i] / divisor[i];
    }
}
