using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cortado.Backends.Cpu;

/// <summary>
/// exp and tanh for vectors on every target, within 2 units in the last place. Polynomials of the Cephes library (Moshier, 1992: expf and
/// tanhf); infinities, NaN and underflow come out as they do from the scalar functions.
/// </summary>
internal static class Exponentials
{
    /// <summary>e^x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Exp(Vector<float> x)
    {
        // Beyond these the result is infinite or 0 anyway. NaN fails both comparisons and stays.
        Vector<float> high = new(89f), low = new(-104f);
        x = Vector.ConditionalSelect(Vector.GreaterThan(x, high), high, x);
        x = Vector.ConditionalSelect(Vector.LessThan(x, low), low, x);

        // x = n ln 2 + r with |r| at most half of ln 2; adding 1.5 * 2^23 rounds to an integer.
        Vector<float> rounder = new(12582912f);
        Vector<float> n = x * 1.44269504f + rounder - rounder;
        Vector<float> r = x - n * 0.693359375f - n * -2.12194440e-4f;
        Vector<float> p = r * 1.9875691500e-4f + new Vector<float>(1.3981999507e-3f);
        p = p * r + new Vector<float>(8.3334519073e-3f);
        p = p * r + new Vector<float>(4.1665795894e-2f);
        p = p * r + new Vector<float>(1.6666665459e-1f);
        p = p * r + new Vector<float>(5.0000001201e-1f);
        p = p * (r * r) + r + Vector<float>.One;

        // 2^n in two halves: near the ends of the range the whole does not fit a float.
        Vector<int> whole = Vector.ConvertToInt32(n), half = Vector.ConvertToInt32(n * 0.5f);
        return p * PowerOfTwo(half) * PowerOfTwo(whole - half);
    }

    /// <summary>tanh x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Tanh(Vector<float> x)
    {
        Vector<float> z = x * x;
        Vector<float> p = z * -5.70498872745e-3f + new Vector<float>(2.06390887954e-2f);
        p = p * z + new Vector<float>(-5.37397155531e-2f);
        p = p * z + new Vector<float>(1.33314422036e-1f);
        p = p * z + new Vector<float>(-3.33332819422e-1f);
        Vector<float> small = p * z * x + x;

        Vector<float> magnitude = Vector.Abs(x);
        Vector<float> large = Vector<float>.One - new Vector<float>(2f) / (Exp(magnitude + magnitude) + Vector<float>.One);
        large = Vector.ConditionalSelect(Vector.LessThan(x, Vector<float>.Zero), -large, large);
        return Vector.ConditionalSelect(Vector.LessThan(magnitude, new Vector<float>(0.625f)), small, large);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> PowerOfTwo(Vector<int> n) => Vector.AsVectorSingle((n + new Vector<int>(127)) * (1 << 23));
}
