using System.Numerics;
using System.Runtime.CompilerServices;
using Cortado.Backends.Contracts;
using Cortado.Tensors;

namespace Cortado.Backends.Cpu;

/// <summary>Dropout. Forward keeps the factor of each element, 0 or the scale; backward multiplies by it.</summary>
internal sealed unsafe class CpuDropout : IDropout, IParallelWork
{
    // A multiple of the random generator's block of 4 and of every vector.
    private const int Block = 16384;

    private readonly CpuBackend _backend;
    private readonly DropoutSpec _spec;
    private readonly HostBuffer _factors;
    private readonly uint _threshold;
    private readonly float _scale;
    private CounterRandom _random;
    private ulong _counter;
    private float* _from, _to;
    private bool _forward;

    public CpuDropout(CpuBackend backend, DropoutSpec spec)
    {
        _backend = backend;
        _spec = spec;
        _threshold = spec.Threshold;
        _scale = spec.Scale;
        _factors = new HostBuffer(checked((spec.Count + 3) / 4 * 4));
    }

    public void Forward(DeviceBuffer input, DeviceBuffer output, in CounterRandom random, ulong counter)
    {
        _random = random;
        _counter = counter;
        _forward = true;
        Run(input, output);
    }

    public void Backward(DeviceBuffer outputDiff, DeviceBuffer inputDiff)
    {
        _forward = false;
        Run(outputDiff, inputDiff);
    }

    public void Dispose() => _factors.Dispose();

    [MethodImpl(KernelCode.Optimized)]
    void IParallelWork.Run(int index)
    {
        int start = index * Block, end = Math.Min(_spec.Count, start + Block);
        float* factors = _factors.Pointer;
        if (_forward) Draw(factors, start, end);
        int i = start;
        for (; i <= end - VectorLoop.Width; i += VectorLoop.Width)
            Unsafe.WriteUnaligned(_to + i, Unsafe.ReadUnaligned<Vector<float>>(_from + i) * Unsafe.ReadUnaligned<Vector<float>>(factors + i));
        for (; i < end; i++) _to[i] = _from[i] * factors[i];
    }

    [MethodImpl(KernelCode.Optimized)]
    private void Run(DeviceBuffer from, DeviceBuffer to)
    {
        _from = from.HostPointer(HostAccess.Read);
        _to = to.HostPointer(from == to ? HostAccess.ReadWrite : HostAccess.Write);
        _backend.Workers.Run(this, (_spec.Count + Block - 1) / Block);
    }

    [MethodImpl(KernelCode.Optimized)]
    private void Draw(float* factors, int start, int end)
    {
        // The numbers go where the factors will stand.
        PhiloxNumbers.Write(_random, (_counter + (ulong)start) >> 2, (uint*)(factors + start), (end - start + 3) / 4);
        var threshold = new Vector<uint>(_threshold);
        var scale = new Vector<float>(_scale);
        int i = start;
        for (; i <= end - VectorLoop.Width; i += VectorLoop.Width)
        {
            Vector<uint> kept = Vector.GreaterThanOrEqual(Unsafe.ReadUnaligned<Vector<uint>>(factors + i), threshold);
            Unsafe.WriteUnaligned(factors + i, Vector.ConditionalSelect(Vector.AsVectorInt32(kept), scale, Vector<float>.Zero));
        }
        for (; i < end; i++) factors[i] = ((uint*)factors)[i] >= _threshold ? _scale : 0;
    }
}
