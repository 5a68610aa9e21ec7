using System.Runtime.CompilerServices;

namespace Cortado.Backends.Cpu;

/// <summary>
/// Tiles of 12 rows and two vectors, for 32 vector registers (AVX-512, NEON): 24 sums, two columns, one row value.
/// </summary>
internal sealed unsafe class GemmKernel12<TSimd, TVector> : GemmKernel
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private const int MaxRows = 12;

    public override int Rows => MaxRows;

    public override int Columns => 2 * default(TSimd).Width;

    public override bool IsExact(int rows, int columns) =>
        columns == Columns ? rows is 4 or 8 or MaxRows : columns == default(TSimd).Width && rows == MaxRows;

    public override void Multiply(float* left, float* right, int depth, float* target, nint pitch, bool accumulate, int rows, int columns,
        float* ahead, nint aheadPitch, int aheadRows)
    {
        if (columns <= default(TSimd).Width) Tile12x1(left, right, depth, target, pitch, accumulate, ahead, aheadPitch, aheadRows);
        else if (rows <= 4) Tile4x2(left, right, depth, target, pitch, accumulate, ahead, aheadPitch, aheadRows);
        else if (rows <= 8) Tile8x2(left, right, depth, target, pitch, accumulate, ahead, aheadPitch, aheadRows);
        else Tile12x2(left, right, depth, target, pitch, accumulate, ahead, aheadPitch, aheadRows);
    }

    [MethodImpl(KernelCode.Optimized)]
    public override void Finish(float* tile, int rows, float* rowBias, float* columnBias, bool relu, float* target, nint pitch) =>
        GemmEpilogue<TSimd, TVector>.Finish(tile, rows, rowBias, columnBias, relu, target, pitch);

    [MethodImpl(KernelCode.Optimized)]
    private static void Tile12x2(float* a, float* b, int depth, float* c, nint pitch, bool accumulate,
        float* ahead, nint aheadPitch, int aheadRows)
    {
        TSimd simd = default;
        if (accumulate) PrefetchRows(c, pitch);
        TVector c00 = simd.Zero, c01 = simd.Zero, c10 = simd.Zero, c11 = simd.Zero, c20 = simd.Zero, c21 = simd.Zero, c30 = simd.Zero, c31 = simd.Zero;
        TVector c40 = simd.Zero, c41 = simd.Zero, c50 = simd.Zero, c51 = simd.Zero, c60 = simd.Zero, c61 = simd.Zero, c70 = simd.Zero, c71 = simd.Zero;
        TVector c80 = simd.Zero, c81 = simd.Zero, c90 = simd.Zero, c91 = simd.Zero, ca0 = simd.Zero, ca1 = simd.Zero, cb0 = simd.Zero, cb1 = simd.Zero;
        while (depth > 0)
        {
            int steps = Math.Min(depth, DepthGroup);
            depth -= steps;
            for (int row = 0; row < aheadRows; row++) simd.Prefetch(ahead + row * aheadPitch);
            ahead += DepthGroup;
            for (float* end = a + steps; a < end; a++, b += 2 * simd.Width)
            {
                TVector b0 = simd.Load(b), b1 = simd.Load(b + simd.Width), x;
                x = simd.Broadcast(a); c00 = simd.MultiplyAdd(x, b0, c00); c01 = simd.MultiplyAdd(x, b1, c01);
                x = simd.Broadcast(a + 1 * DepthGroup); c10 = simd.MultiplyAdd(x, b0, c10); c11 = simd.MultiplyAdd(x, b1, c11);
                x = simd.Broadcast(a + 2 * DepthGroup); c20 = simd.MultiplyAdd(x, b0, c20); c21 = simd.MultiplyAdd(x, b1, c21);
                x = simd.Broadcast(a + 3 * DepthGroup); c30 = simd.MultiplyAdd(x, b0, c30); c31 = simd.MultiplyAdd(x, b1, c31);
                x = simd.Broadcast(a + 4 * DepthGroup); c40 = simd.MultiplyAdd(x, b0, c40); c41 = simd.MultiplyAdd(x, b1, c41);
                x = simd.Broadcast(a + 5 * DepthGroup); c50 = simd.MultiplyAdd(x, b0, c50); c51 = simd.MultiplyAdd(x, b1, c51);
                x = simd.Broadcast(a + 6 * DepthGroup); c60 = simd.MultiplyAdd(x, b0, c60); c61 = simd.MultiplyAdd(x, b1, c61);
                x = simd.Broadcast(a + 7 * DepthGroup); c70 = simd.MultiplyAdd(x, b0, c70); c71 = simd.MultiplyAdd(x, b1, c71);
                x = simd.Broadcast(a + 8 * DepthGroup); c80 = simd.MultiplyAdd(x, b0, c80); c81 = simd.MultiplyAdd(x, b1, c81);
                x = simd.Broadcast(a + 9 * DepthGroup); c90 = simd.MultiplyAdd(x, b0, c90); c91 = simd.MultiplyAdd(x, b1, c91);
                x = simd.Broadcast(a + 10 * DepthGroup); ca0 = simd.MultiplyAdd(x, b0, ca0); ca1 = simd.MultiplyAdd(x, b1, ca1);
                x = simd.Broadcast(a + 11 * DepthGroup); cb0 = simd.MultiplyAdd(x, b0, cb0); cb1 = simd.MultiplyAdd(x, b1, cb1);
            }
            a += (MaxRows - 1) * DepthGroup;
        }
        Put(c, c00, c01, accumulate);
        Put(c + 1 * pitch, c10, c11, accumulate);
        Put(c + 2 * pitch, c20, c21, accumulate);
        Put(c + 3 * pitch, c30, c31, accumulate);
        Put(c + 4 * pitch, c40, c41, accumulate);
        Put(c + 5 * pitch, c50, c51, accumulate);
        Put(c + 6 * pitch, c60, c61, accumulate);
        Put(c + 7 * pitch, c70, c71, accumulate);
        Put(c + 8 * pitch, c80, c81, accumulate);
        Put(c + 9 * pitch, c90, c91, accumulate);
        Put(c + 10 * pitch, ca0, ca1, accumulate);
        Put(c + 11 * pitch, cb0, cb1, accumulate);
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Tile8x2(float* a, float* b, int depth, float* c, nint pitch, bool accumulate,
        float* ahead, nint aheadPitch, int aheadRows)
    {
        TSimd simd = default;
        if (accumulate) PrefetchRows(c, pitch);
        TVector c00 = simd.Zero, c01 = simd.Zero, c10 = simd.Zero, c11 = simd.Zero, c20 = simd.Zero, c21 = simd.Zero, c30 = simd.Zero, c31 = simd.Zero;
        TVector c40 = simd.Zero, c41 = simd.Zero, c50 = simd.Zero, c51 = simd.Zero, c60 = simd.Zero, c61 = simd.Zero, c70 = simd.Zero, c71 = simd.Zero;
        while (depth > 0)
        {
            int steps = Math.Min(depth, DepthGroup);
            depth -= steps;
            for (int row = 0; row < aheadRows; row++) simd.Prefetch(ahead + row * aheadPitch);
            ahead += DepthGroup;
            for (float* end = a + steps; a < end; a++, b += 2 * simd.Width)
            {
                TVector b0 = simd.Load(b), b1 = simd.Load(b + simd.Width), x;
                x = simd.Broadcast(a); c00 = simd.MultiplyAdd(x, b0, c00); c01 = simd.MultiplyAdd(x, b1, c01);
                x = simd.Broadcast(a + 1 * DepthGroup); c10 = simd.MultiplyAdd(x, b0, c10); c11 = simd.MultiplyAdd(x, b1, c11);
                x = simd.Broadcast(a + 2 * DepthGroup); c20 = simd.MultiplyAdd(x, b0, c20); c21 = simd.MultiplyAdd(x, b1, c21);
                x = simd.Broadcast(a + 3 * DepthGroup); c30 = simd.MultiplyAdd(x, b0, c30); c31 = simd.MultiplyAdd(x, b1, c31);
                x = simd.Broadcast(a + 4 * DepthGroup); c40 = simd.MultiplyAdd(x, b0, c40); c41 = simd.MultiplyAdd(x, b1, c41);
                x = simd.Broadcast(a + 5 * DepthGroup); c50 = simd.MultiplyAdd(x, b0, c50); c51 = simd.MultiplyAdd(x, b1, c51);
                x = simd.Broadcast(a + 6 * DepthGroup); c60 = simd.MultiplyAdd(x, b0, c60); c61 = simd.MultiplyAdd(x, b1, c61);
                x = simd.Broadcast(a + 7 * DepthGroup); c70 = simd.MultiplyAdd(x, b0, c70); c71 = simd.MultiplyAdd(x, b1, c71);
            }
            a += (MaxRows - 1) * DepthGroup;
        }
        Put(c, c00, c01, accumulate);
        Put(c + 1 * pitch, c10, c11, accumulate);
        Put(c + 2 * pitch, c20, c21, accumulate);
        Put(c + 3 * pitch, c30, c31, accumulate);
        Put(c + 4 * pitch, c40, c41, accumulate);
        Put(c + 5 * pitch, c50, c51, accumulate);
        Put(c + 6 * pitch, c60, c61, accumulate);
        Put(c + 7 * pitch, c70, c71, accumulate);
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Tile4x2(float* a, float* b, int depth, float* c, nint pitch, bool accumulate,
        float* ahead, nint aheadPitch, int aheadRows)
    {
        TSimd simd = default;
        if (accumulate) PrefetchRows(c, pitch);
        TVector c00 = simd.Zero, c01 = simd.Zero, c10 = simd.Zero, c11 = simd.Zero, c20 = simd.Zero, c21 = simd.Zero, c30 = simd.Zero, c31 = simd.Zero;
        while (depth > 0)
        {
            int steps = Math.Min(depth, DepthGroup);
            depth -= steps;
            for (int row = 0; row < aheadRows; row++) simd.Prefetch(ahead + row * aheadPitch);
            ahead += DepthGroup;
            for (float* end = a + steps; a < end; a++, b += 2 * simd.Width)
            {
                TVector b0 = simd.Load(b), b1 = simd.Load(b + simd.Width), x;
                x = simd.Broadcast(a); c00 = simd.MultiplyAdd(x, b0, c00); c01 = simd.MultiplyAdd(x, b1, c01);
                x = simd.Broadcast(a + 1 * DepthGroup); c10 = simd.MultiplyAdd(x, b0, c10); c11 = simd.MultiplyAdd(x, b1, c11);
                x = simd.Broadcast(a + 2 * DepthGroup); c20 = simd.MultiplyAdd(x, b0, c20); c21 = simd.MultiplyAdd(x, b1, c21);
                x = simd.Broadcast(a + 3 * DepthGroup); c30 = simd.MultiplyAdd(x, b0, c30); c31 = simd.MultiplyAdd(x, b1, c31);
            }
            a += (MaxRows - 1) * DepthGroup;
        }
        Put(c, c00, c01, accumulate);
        Put(c + 1 * pitch, c10, c11, accumulate);
        Put(c + 2 * pitch, c20, c21, accumulate);
        Put(c + 3 * pitch, c30, c31, accumulate);
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Tile12x1(float* a, float* b, int depth, float* c, nint pitch, bool accumulate,
        float* ahead, nint aheadPitch, int aheadRows)
    {
        TSimd simd = default;
        if (accumulate) PrefetchRows(c, pitch);
        TVector c00 = simd.Zero, c10 = simd.Zero, c20 = simd.Zero, c30 = simd.Zero;
        TVector c40 = simd.Zero, c50 = simd.Zero, c60 = simd.Zero, c70 = simd.Zero;
        TVector c80 = simd.Zero, c90 = simd.Zero, ca0 = simd.Zero, cb0 = simd.Zero;
        while (depth > 0)
        {
            int steps = Math.Min(depth, DepthGroup);
            depth -= steps;
            for (int row = 0; row < aheadRows; row++) simd.Prefetch(ahead + row * aheadPitch);
            ahead += DepthGroup;
            for (float* end = a + steps; a < end; a++, b += 2 * simd.Width)
            {
                TVector b0 = simd.Load(b), x;
                x = simd.Broadcast(a); c00 = simd.MultiplyAdd(x, b0, c00);
                x = simd.Broadcast(a + 1 * DepthGroup); c10 = simd.MultiplyAdd(x, b0, c10);
                x = simd.Broadcast(a + 2 * DepthGroup); c20 = simd.MultiplyAdd(x, b0, c20);
                x = simd.Broadcast(a + 3 * DepthGroup); c30 = simd.MultiplyAdd(x, b0, c30);
                x = simd.Broadcast(a + 4 * DepthGroup); c40 = simd.MultiplyAdd(x, b0, c40);
                x = simd.Broadcast(a + 5 * DepthGroup); c50 = simd.MultiplyAdd(x, b0, c50);
                x = simd.Broadcast(a + 6 * DepthGroup); c60 = simd.MultiplyAdd(x, b0, c60);
                x = simd.Broadcast(a + 7 * DepthGroup); c70 = simd.MultiplyAdd(x, b0, c70);
                x = simd.Broadcast(a + 8 * DepthGroup); c80 = simd.MultiplyAdd(x, b0, c80);
                x = simd.Broadcast(a + 9 * DepthGroup); c90 = simd.MultiplyAdd(x, b0, c90);
                x = simd.Broadcast(a + 10 * DepthGroup); ca0 = simd.MultiplyAdd(x, b0, ca0);
                x = simd.Broadcast(a + 11 * DepthGroup); cb0 = simd.MultiplyAdd(x, b0, cb0);
            }
            a += (MaxRows - 1) * DepthGroup;
        }
        Put(c, c00, accumulate);
        Put(c + 1 * pitch, c10, accumulate);
        Put(c + 2 * pitch, c20, accumulate);
        Put(c + 3 * pitch, c30, accumulate);
        Put(c + 4 * pitch, c40, accumulate);
        Put(c + 5 * pitch, c50, accumulate);
        Put(c + 6 * pitch, c60, accumulate);
        Put(c + 7 * pitch, c70, accumulate);
        Put(c + 8 * pitch, c80, accumulate);
        Put(c + 9 * pitch, c90, accumulate);
        Put(c + 10 * pitch, ca0, accumulate);
        Put(c + 11 * pitch, cb0, accumulate);
    }

    /// <summary>Fetches the target's rows while the sums are being computed; they may lie in memory, each on a page of its own.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PrefetchRows(float* target, nint pitch)
    {
        TSimd simd = default;
        for (int row = 0; row < MaxRows; row++, target += pitch)
        {
            simd.Prefetch(target);
            simd.Prefetch(target + 2 * simd.Width - 1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(float* target, TVector first, TVector second, bool accumulate)
    {
        TSimd simd = default;
        simd.Store(target, accumulate ? simd.Add(simd.Load(target), first) : first);
        simd.Store(target + simd.Width, accumulate ? simd.Add(simd.Load(target + simd.Width), second) : second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(float* target, TVector value, bool accumulate)
    {
        TSimd simd = default;
        simd.Store(target, accumulate ? simd.Add(simd.Load(target), value) : value);
    }
}
