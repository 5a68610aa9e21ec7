using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cortado.Backends.Cpu;

/// <summary>A function of one element whose formula has no vector form on every target: an exponential, a logarithm.</summary>
internal interface IScalarFunction
{
    /// <summary>f(x).</summary>
    float Forward(float x);

    /// <summary>dy * f'(x), given x and y = f(x).</summary>
    float Backward(float x, float y, float dy);
}

/// <summary>A scalar function taken lane by lane.</summary>
internal readonly unsafe struct Lanewise<TFunction> : IElementFunction where TFunction : struct, IScalarFunction
{
    private readonly TFunction _function;

    public Lanewise(TFunction function) => _function = function;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Forward(Vector<float> x)
    {
        float* lanes = stackalloc float[Vector<float>.Count];
        Unsafe.WriteUnaligned(lanes, x);
        for (int i = 0; i < Vector<float>.Count; i++) lanes[i] = _function.Forward(lanes[i]);
        return Unsafe.ReadUnaligned<Vector<float>>(lanes);
    }

    public float Forward(float x) => _function.Forward(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Backward(Vector<float> x, Vector<float> y, Vector<float> dy)
    {
        float* xs = stackalloc float[Vector<float>.Count], ys = stackalloc float[Vector<float>.Count], lanes = stackalloc float[Vector<float>.Count];
        Unsafe.WriteUnaligned(xs, x);
        Unsafe.WriteUnaligned(ys, y);
        Unsafe.WriteUnaligned(lanes, dy);
        for (int i = 0; i < Vector<float>.Count; i++) lanes[i] = _function.Backward(xs[i], ys[i], lanes[i]);
        return Unsafe.ReadUnaligned<Vector<float>>(lanes);
    }

    public float Backward(float x, float y, float dy) => _function.Backward(x, y, dy);
}
