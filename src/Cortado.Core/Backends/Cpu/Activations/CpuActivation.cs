using System.Numerics;
using System.Runtime.CompilerServices;
using Cortado.Backends.Contracts;
using Cortado.Tensors;

namespace Cortado.Backends.Cpu;

/// <summary>A function of one element, for a vector of them and for the rest. A struct, so that calls vanish into the loop.</summary>
internal interface IElementFunction
{
    /// <summary>f(x).</summary>
    Vector<float> Forward(Vector<float> x);

    /// <summary>f(x).</summary>
    float Forward(float x);

    /// <summary>dy * f'(x), given x and y = f(x).</summary>
    Vector<float> Backward(Vector<float> x, Vector<float> y, Vector<float> dy);

    /// <summary>dy * f'(x), given x and y = f(x).</summary>
    float Backward(float x, float y, float dy);
}

/// <summary>An element-wise function over a blob, in blocks that fit the cache, on every thread.</summary>
internal sealed unsafe class CpuActivation<TFunction> : IActivation, IParallelWork where TFunction : struct, IElementFunction
{
    private const int Block = 16384;

    private readonly CpuBackend _backend;
    private readonly int _count;
    private TFunction _function;
    private float* _x, _y, _dy, _dx;
    private bool _forward;

    public CpuActivation(CpuBackend backend, int count, TFunction function)
    {
        _backend = backend;
        _count = count;
        _function = function;
    }

    public void Forward(DeviceBuffer input, DeviceBuffer output)
    {
        _x = input.HostPointer(HostAccess.Read);
        _y = output.HostPointer(input == output ? HostAccess.ReadWrite : HostAccess.Write);
        _forward = true;
        _backend.Workers.Run(this, (_count + Block - 1) / Block);
    }

    public void Backward(DeviceBuffer input, DeviceBuffer output, DeviceBuffer outputDiff, DeviceBuffer inputDiff)
    {
        _x = input.HostPointer(HostAccess.Read);
        _y = output.HostPointer(HostAccess.Read);
        _dy = outputDiff.HostPointer(HostAccess.Read);
        _dx = inputDiff.HostPointer(outputDiff == inputDiff ? HostAccess.ReadWrite : HostAccess.Write);
        _forward = false;
        _backend.Workers.Run(this, (_count + Block - 1) / Block);
    }

    public void Dispose() { }

    [MethodImpl(KernelCode.Optimized)]
    void IParallelWork.Run(int index)
    {
        int start = index * Block, end = Math.Min(_count, start + Block);
        TFunction function = _function;
        int width = VectorLoop.Width, i = start;
        if (_forward)
        {
            for (; i <= end - width; i += width)
                Unsafe.WriteUnaligned(_y + i, function.Forward(Unsafe.ReadUnaligned<Vector<float>>(_x + i)));
            for (; i < end; i++) _y[i] = function.Forward(_x[i]);
        }
        else
        {
            for (; i <= end - width; i += width)
                Unsafe.WriteUnaligned(_dx + i, function.Backward(Unsafe.ReadUnaligned<Vector<float>>(_x + i),
                    Unsafe.ReadUnaligned<Vector<float>>(_y + i), Unsafe.ReadUnaligned<Vector<float>>(_dy + i)));
            for (; i < end; i++) _dx[i] = function.Backward(_x[i], _y[i], _dy[i]);
        }
    }
}
