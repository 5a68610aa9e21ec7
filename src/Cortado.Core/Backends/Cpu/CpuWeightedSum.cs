using System.Numerics;
using System.Runtime.CompilerServices;
using Cortado.Backends.Contracts;
using Cortado.Tensors;

namespace Cortado.Backends.Cpu;

/// <summary>A sum of arrays in blocks that stay in the cache while one array after the other is added.</summary>
internal sealed unsafe class CpuWeightedSum : IWeightedSum, IParallelWork
{
    private const int Block = 4096;

    private readonly CpuBackend _backend;
    private readonly int _count;
    private float*[] _x = new float*[4];
    private float[] _coefficients = new float[4];
    private float* _y;
    private int _inputs, _inPlace;

    public CpuWeightedSum(CpuBackend backend, WeightedSumSpec spec)
    {
        _backend = backend;
        _count = spec.Count;
    }

    public void Run(ReadOnlySpan<DeviceBuffer> inputs, ReadOnlySpan<float> coefficients, DeviceBuffer output)
    {
        _inputs = inputs.Length;
        if (_x.Length < _inputs)
        {
            _x = new float*[_inputs];
            _coefficients = new float[_inputs];
        }
        _inPlace = -1;
        for (int i = 0; i < _inputs; i++)
        {
            _x[i] = inputs[i].HostPointer(HostAccess.Read);
            _coefficients[i] = coefficients.IsEmpty ? 1 : coefficients[i];
            if (inputs[i] == output) _inPlace = i;
        }
        _y = output.HostPointer(_inPlace < 0 ? HostAccess.Write : HostAccess.ReadWrite);
        _backend.Workers.Run(this, (_count + Block - 1) / Block);
    }

    public void Dispose() { }

    void IParallelWork.Run(int index)
    {
        int start = index * Block, length = Math.Min(_count - start, Block);
        // In place past the first input the output still holds a later input's values: the sum grows beside it.
        float* space = stackalloc float[_inPlace > 0 ? Block : 0];
        float* sum = _inPlace > 0 ? space : _y + start;
        if (_inputs == 0) new Span<float>(sum, length).Clear();
        for (int i = 0; i < _inputs; i++) Add(_x[i] + start, _coefficients[i], sum, length, first: i == 0);
        if (sum != _y + start) new Span<float>(sum, length).CopyTo(new Span<float>(_y + start, length));
    }

    private static void Add(float* x, float coefficient, float* sum, int length, bool first)
    {
        var factor = new Vector<float>(coefficient);
        int width = VectorLoop.Width, i = 0;
        if (first)
        {
            for (; i <= length - width; i += width)
                Unsafe.WriteUnaligned(sum + i, factor * Unsafe.ReadUnaligned<Vector<float>>(x + i));
            for (; i < length; i++) sum[i] = coefficient * x[i];
            return;
        }
        for (; i <= length - width; i += width)
            Unsafe.WriteUnaligned(sum + i, Unsafe.ReadUnaligned<Vector<float>>(sum + i) + factor * Unsafe.ReadUnaligned<Vector<float>>(x + i));
        for (; i < length; i++) sum[i] += coefficient * x[i];
    }
}
