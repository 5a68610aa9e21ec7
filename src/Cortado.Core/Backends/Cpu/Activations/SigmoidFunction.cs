using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cortado.Backends.Cpu;

/// <summary>1 / (1 + exp(-x)), which does not overflow as half a tanh.</summary>
internal readonly struct SigmoidFunction : IVectorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Of(Vector<float> x) => Exponentials.Tanh(x * 0.5f) * 0.5f + new Vector<float>(0.5f);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Forward(Vector<float> x) => Of(x);

    public static float Of(float x) => MathF.Tanh(x * 0.5f) * 0.5f + 0.5f;

    public float Forward(float x) => Of(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Backward(Vector<float> x, Vector<float> y, Vector<float> dy) => dy * y * (Vector<float>.One - y);

    public float Backward(float x, float y, float dy) => dy * y * (1 - y);
}
