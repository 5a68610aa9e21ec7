using System.Numerics;
using System.Runtime.CompilerServices;
using Cortado.Backends.Contracts;
using Cortado.Tensors;

namespace Cortado.Backends.Cpu;

/// <summary>Copies runs several times, and sums them back.</summary>
internal sealed unsafe class CpuTile : ITile, IParallelWork
{
    private readonly CpuBackend _backend;
    private readonly int _outer, _inner, _tiles;
    private float* _small, _large;
    private bool _forward;

    public CpuTile(CpuBackend backend, TileSpec spec)
    {
        _backend = backend;
        _outer = spec.Outer;
        _inner = spec.Inner;
        _tiles = spec.Tiles;
    }

    public void Forward(DeviceBuffer input, DeviceBuffer output)
    {
        _small = input.HostPointer(HostAccess.Read);
        _large = output.HostPointer(HostAccess.Write);
        _forward = true;
        _backend.Workers.Run(this, _outer);
    }

    public void Backward(DeviceBuffer outputDiff, DeviceBuffer inputDiff)
    {
        _large = outputDiff.HostPointer(HostAccess.Read);
        _small = inputDiff.HostPointer(HostAccess.Write);
        _forward = false;
        _backend.Workers.Run(this, _outer);
    }

    public void Dispose() { }

    void IParallelWork.Run(int index)
    {
        float* small = _small + (long)index * _inner, large = _large + (long)index * _inner * _tiles;
        if (!_forward) new Span<float>(large, _inner).CopyTo(new Span<float>(small, _inner));
        for (int tile = _forward ? 0 : 1; tile < _tiles; tile++)
        {
            float* copy = large + (long)tile * _inner;
            if (_forward) new Span<float>(small, _inner).CopyTo(new Span<float>(copy, _inner));
            else Add(copy, small, _inner);
        }
    }

    private static void Add(float* x, float* sum, int length)
    {
        int width = VectorLoop.Width, i = 0;
        for (; i <= length - width; i += width)
            Unsafe.WriteUnaligned(sum + i, Unsafe.ReadUnaligned<Vector<float>>(sum + i) + Unsafe.ReadUnaligned<Vector<float>>(x + i));
        for (; i < length; i++) sum[i] += x[i];
    }
}
