using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cortado.Backends.Cpu;

/// <summary>x^-beta for some beta. A struct, so that calls vanish into the loop.</summary>
internal interface INegativePower
{
    /// <summary>x^-beta.</summary>
    Vector<float> Of(Vector<float> x);

    /// <summary>x^-beta.</summary>
    float Of(float x);
}

/// <summary>x^-0.75, by two square roots: the usual beta of LRN, many times faster than a general power.</summary>
internal readonly struct NegativeThreeQuarters : INegativePower
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Of(Vector<float> x)
    {
        Vector<float> root = Vector.SquareRoot(x);
        return Vector<float>.One / (root * Vector.SquareRoot(root));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Of(float x)
    {
        float root = MathF.Sqrt(x);
        return 1 / (root * MathF.Sqrt(root));
    }
}

/// <summary>x^-beta for any beta.</summary>
internal readonly struct NegativePower : INegativePower
{
    private readonly float _exponent;

    public NegativePower(float beta) => _exponent = -beta;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Of(Vector<float> x)
    {
        Span<float> lanes = stackalloc float[Vector<float>.Count];
        for (int i = 0; i < lanes.Length; i++) lanes[i] = MathF.Pow(x[i], _exponent);
        return new Vector<float>(lanes);
    }

    public float Of(float x) => MathF.Pow(x, _exponent);
}
