using System.Runtime.CompilerServices;

namespace Cortado.Backends.Cpu;

/// <summary>x^-beta for some beta. A struct, so that calls vanish into the loop.</summary>
internal interface INegativePower
{
    /// <summary>x^-beta.</summary>
    TVector Of<TSimd, TVector>(TVector x)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct;

    /// <summary>x^-beta.</summary>
    float Of(float x);
}

/// <summary>x^-0.75, by two square roots: the usual beta of LRN, many times faster than a general power.</summary>
internal readonly struct NegativeThreeQuarters : INegativePower
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Of<TSimd, TVector>(TVector x)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TSimd simd = default;
        TVector root = simd.SquareRoot(x);
        return simd.Divide(simd.Fill(1), simd.Multiply(root, simd.SquareRoot(root)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Of(float x)
    {
        float root = MathF.Sqrt(x);
        return 1 / (root * MathF.Sqrt(root));
    }
}

/// <summary>x^-beta for any beta.</summary>
internal readonly unsafe struct NegativePower : INegativePower
{
    private readonly float _exponent;

    public NegativePower(float beta) => _exponent = -beta;

    public TVector Of<TSimd, TVector>(TVector x)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TSimd simd = default;
        float* lanes = stackalloc float[simd.Width];
        simd.Store(lanes, x);
        for (int i = 0; i < simd.Width; i++) lanes[i] = MathF.Pow(lanes[i], _exponent);
        return simd.Load(lanes);
    }

    public float Of(float x) => MathF.Pow(x, _exponent);
}
