using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cortado.Backends.Cpu;

/// <summary>max(x, 0) + slope * min(x, 0), with Caffe's order of comparison: NaN passes through.</summary>
internal readonly struct ReluFunction : IElementFunction
{
    private readonly float _slope;

    public ReluFunction(float slope) => _slope = slope;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Forward(Vector<float> x)
    {
        Vector<int> negative = Vector.LessThan(x, Vector<float>.Zero);
        Vector<int> positive = Vector.GreaterThan(x, Vector<float>.Zero);
        return Vector.ConditionalSelect(negative, Vector<float>.Zero, x)
            + new Vector<float>(_slope) * Vector.ConditionalSelect(positive, Vector<float>.Zero, x);
    }

    public float Forward(float x) => (x < 0 ? 0 : x) + _slope * (x > 0 ? 0 : x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Backward(Vector<float> x, Vector<float> y, Vector<float> dy) =>
        dy * Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<float>.Zero), Vector<float>.One,
            Vector.ConditionalSelect(Vector.LessThanOrEqual(x, Vector<float>.Zero), new Vector<float>(_slope), Vector<float>.Zero));

    public float Backward(float x, float y, float dy) => dy * ((x > 0 ? 1 : 0) + _slope * (x <= 0 ? 1 : 0));
}
