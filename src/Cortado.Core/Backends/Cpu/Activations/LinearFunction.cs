using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cortado.Backends.Cpu;

/// <summary>scale * x + shift.</summary>
internal readonly struct LinearFunction : IElementFunction
{
    private readonly float _scale, _shift;

    public LinearFunction(float scale, float shift)
    {
        _scale = scale;
        _shift = shift;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Forward(Vector<float> x) => x * _scale + new Vector<float>(_shift);

    public float Forward(float x) => x * _scale + _shift;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Backward(Vector<float> x, Vector<float> y, Vector<float> dy) => dy * _scale;

    public float Backward(float x, float y, float dy) => dy * _scale;
}
