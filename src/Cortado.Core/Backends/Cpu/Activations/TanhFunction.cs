using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cortado.Backends.Cpu;

/// <summary>tanh(x).</summary>
internal readonly struct TanhFunction : IVectorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Forward(Vector<float> x) => Exponentials.Tanh(x);

    public float Forward(float x) => MathF.Tanh(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Backward(Vector<float> x, Vector<float> y, Vector<float> dy) => dy * (Vector<float>.One - y * y);

    public float Backward(float x, float y, float dy) => dy * (1 - y * y);
}
