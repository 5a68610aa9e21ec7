#if NET
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Cortado.Backends.Cpu;

/// <summary>Transposes square blocks of floats in registers.</summary>
internal static unsafe class TransposeKernel
{
    /// <summary>Whether <see cref="Block16"/> runs on this machine.</summary>
    public static bool HasBlock16 => Avx512F.IsSupported;

    /// <summary>Writes the first rows of the transpose of a 16 x 16 block.</summary>
    /// <param name="source">The block.</param>
    /// <param name="sourcePitch">Floats from one row of it to the next.</param>
    /// <param name="target">Where the transpose goes.</param>
    /// <param name="targetPitch">Floats from one row of that to the next.</param>
    /// <param name="rows">How many rows of the transpose to write, 1 to 16.</param>
    [MethodImpl(KernelCode.Optimized)]
    public static void Block16(float* source, nint sourcePitch, float* target, nint targetPitch, int rows)
    {
        // Each step doubles the length of the runs that lie in order: pairs, fours, then blocks of four in the right quarter.
        Halves(source, sourcePitch, out Vector512<float> a0, out Vector512<float> a1, out Vector512<float> a2, out Vector512<float> a3);
        Halves(source + 4 * sourcePitch, sourcePitch, out Vector512<float> b0, out Vector512<float> b1, out Vector512<float> b2, out Vector512<float> b3);
        Halves(source + 8 * sourcePitch, sourcePitch, out Vector512<float> c0, out Vector512<float> c1, out Vector512<float> c2, out Vector512<float> c3);
        Halves(source + 12 * sourcePitch, sourcePitch, out Vector512<float> d0, out Vector512<float> d1, out Vector512<float> d2, out Vector512<float> d3);
        Quarters(a0, b0, c0, d0, target, targetPitch, rows);
        Quarters(a1, b1, c1, d1, target + targetPitch, targetPitch, rows - 1);
        Quarters(a2, b2, c2, d2, target + 2 * targetPitch, targetPitch, rows - 2);
        Quarters(a3, b3, c3, d3, target + 3 * targetPitch, targetPitch, rows - 3);
    }

    /// <summary>Writes the transpose of a 4 x 4 block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block4(float* source, nint sourcePitch, float* target, nint targetPitch)
    {
        Vector128<float> a = Vector128.Load(source), b = Vector128.Load(source + sourcePitch);
        Vector128<float> c = Vector128.Load(source + 2 * sourcePitch), d = Vector128.Load(source + 3 * sourcePitch);
        Vector128<float> ac0 = Zip(a, c, low: true), ac1 = Zip(a, c, low: false), bd0 = Zip(b, d, low: true), bd1 = Zip(b, d, low: false);
        Vector128.Store(Zip(ac0, bd0, low: true), target);
        Vector128.Store(Zip(ac0, bd0, low: false), target + targetPitch);
        Vector128.Store(Zip(ac1, bd1, low: true), target + 2 * targetPitch);
        Vector128.Store(Zip(ac1, bd1, low: false), target + 3 * targetPitch);
    }

    /// <summary>Splits four pairs into their first and their second values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Pairs4(float* source, float* first, float* second)
    {
        Vector128<float> a = Vector128.Load(source), b = Vector128.Load(source + 4);
        if (Sse.IsSupported)
        {
            Vector128.Store(Sse.Shuffle(a, b, 0x88), first);
            Vector128.Store(Sse.Shuffle(a, b, 0xDD), second);
            return;
        }
        Vector128.Store(Vector128.Create(a[0], a[2], b[0], b[2]), first);
        Vector128.Store(Vector128.Create(a[1], a[3], b[1], b[3]), second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Zip(Vector128<float> left, Vector128<float> right, bool low)
    {
        if (Sse.IsSupported) return low ? Sse.UnpackLow(left, right) : Sse.UnpackHigh(left, right);
        return low ? Vector128.Create(left[0], right[0], left[1], right[1]) : Vector128.Create(left[2], right[2], left[3], right[3]);
    }

    /// <summary>Four rows; result i holds, in each quarter q, column 4q + i of the four rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Halves(float* source, nint pitch, out Vector512<float> r0, out Vector512<float> r1, out Vector512<float> r2, out Vector512<float> r3)
    {
        Vector512<float> a = Vector512.Load(source), b = Vector512.Load(source + pitch);
        Vector512<float> c = Vector512.Load(source + 2 * pitch), d = Vector512.Load(source + 3 * pitch);
        Vector512<double> ab0 = Avx512F.UnpackLow(a, b).AsDouble(), ab1 = Avx512F.UnpackHigh(a, b).AsDouble();
        Vector512<double> cd0 = Avx512F.UnpackLow(c, d).AsDouble(), cd1 = Avx512F.UnpackHigh(c, d).AsDouble();
        r0 = Avx512F.UnpackLow(ab0, cd0).AsSingle();
        r1 = Avx512F.UnpackHigh(ab0, cd0).AsSingle();
        r2 = Avx512F.UnpackLow(ab1, cd1).AsSingle();
        r3 = Avx512F.UnpackHigh(ab1, cd1).AsSingle();
    }

    /// <summary>Stores four columns whose quarters lie in four vectors: rows 0, 4, 8, 12 of the target.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quarters(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, float* target, nint pitch, int rows)
    {
        Vector512<float> ab0 = Avx512F.Shuffle4x128(a, b, 0x88), ab1 = Avx512F.Shuffle4x128(a, b, 0xDD);
        Vector512<float> cd0 = Avx512F.Shuffle4x128(c, d, 0x88), cd1 = Avx512F.Shuffle4x128(c, d, 0xDD);
        if (rows > 0) Vector512.Store(Avx512F.Shuffle4x128(ab0, cd0, 0x88), target);
        if (rows > 4) Vector512.Store(Avx512F.Shuffle4x128(ab1, cd1, 0x88), target + 4 * pitch);
        if (rows > 8) Vector512.Store(Avx512F.Shuffle4x128(ab0, cd0, 0xDD), target + 8 * pitch);
        if (rows > 12) Vector512.Store(Avx512F.Shuffle4x128(ab1, cd1, 0xDD), target + 12 * pitch);
    }
}
#endif
