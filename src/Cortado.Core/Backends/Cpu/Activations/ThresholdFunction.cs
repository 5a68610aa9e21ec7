using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cortado.Backends.Cpu;

/// <summary>1 above the threshold, else 0.</summary>
internal readonly struct ThresholdFunction : IElementFunction
{
    private readonly float _threshold;

    public ThresholdFunction(float threshold) => _threshold = threshold;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Forward(Vector<float> x) =>
        Vector.ConditionalSelect(Vector.GreaterThan(x, new Vector<float>(_threshold)), Vector<float>.One, Vector<float>.Zero);

    public float Forward(float x) => x > _threshold ? 1 : 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Backward(Vector<float> x, Vector<float> y, Vector<float> dy) => Vector<float>.Zero;

    public float Backward(float x, float y, float dy) => 0;
}
