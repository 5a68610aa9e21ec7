using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cortado.Backends.Cpu;

/// <summary>outer * exp(inner * x).</summary>
internal readonly struct ExponentialFunction : IVectorFunction
{
    private readonly float _inner, _outer;

    public ExponentialFunction(float inner, float outer)
    {
        _inner = inner;
        _outer = outer;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Forward(Vector<float> x) => Exponentials.Exp(x * _inner) * _outer;

    public float Forward(float x) => MathF.Exp(x * _inner) * _outer;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Backward(Vector<float> x, Vector<float> y, Vector<float> dy) => dy * y * _inner;

    public float Backward(float x, float y, float dy) => dy * y * _inner;
}
