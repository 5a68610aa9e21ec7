using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cortado.Backends.Cpu;

/// <summary>max(min, min(x, max)), with Caffe's order of comparison: NaN gives min.</summary>
internal readonly struct ClipFunction : IElementFunction
{
    private readonly float _min, _max;

    public ClipFunction(float min, float max)
    {
        _min = min;
        _max = max;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Forward(Vector<float> x)
    {
        Vector<float> min = new(_min), max = new(_max);
        Vector<float> low = Vector.ConditionalSelect(Vector.LessThan(max, x), max, x);
        return Vector.ConditionalSelect(Vector.LessThan(min, low), low, min);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Forward(float x)
    {
        float low = _max < x ? _max : x;
        return _min < low ? low : _min;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Backward(Vector<float> x, Vector<float> y, Vector<float> dy) =>
        dy * Vector.ConditionalSelect(Vector.GreaterThanOrEqual(x, new Vector<float>(_min)) & Vector.LessThanOrEqual(x, new Vector<float>(_max)),
            Vector<float>.One, Vector<float>.Zero);

    public float Backward(float x, float y, float dy) => dy * (x >= _min && x <= _max ? 1 : 0);
}
