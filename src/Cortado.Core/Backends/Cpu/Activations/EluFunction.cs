using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cortado.Backends.Cpu;

/// <summary>x above 0, alpha * (exp(x) - 1) below (Clevert et al., 2015).</summary>
internal readonly struct EluFunction : IVectorFunction
{
    private readonly float _alpha;

    public EluFunction(float alpha) => _alpha = alpha;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Forward(Vector<float> x)
    {
        Vector<float> positive = Vector.ConditionalSelect(Vector.LessThan(x, Vector<float>.Zero), Vector<float>.Zero, x);
        Vector<float> negative = Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<float>.Zero), Vector<float>.Zero, x);
        return positive + (Exponentials.Exp(negative) - Vector<float>.One) * _alpha;
    }

    public float Forward(float x) => (x < 0 ? 0 : x) + (MathF.Exp(x > 0 ? 0 : x) - 1) * _alpha;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Backward(Vector<float> x, Vector<float> y, Vector<float> dy) =>
        dy * Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<float>.Zero), Vector<float>.One,
            Vector.ConditionalSelect(Vector.LessThanOrEqual(x, Vector<float>.Zero), y + new Vector<float>(_alpha), y * 0f));

    public float Backward(float x, float y, float dy) => dy * (x > 0 ? 1 : x <= 0 ? y + _alpha : y * 0);
}
