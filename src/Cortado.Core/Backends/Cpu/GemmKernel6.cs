using System.Runtime.CompilerServices;

namespace Cortado.Backends.Cpu;

/// <summary>
/// Tiles of 6 rows and two vectors, for 16 vector registers (SSE, AVX2): 12 sums, two columns, one row value.
/// </summary>
internal sealed unsafe class GemmKernel6<TSimd, TVector> : GemmKernel
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private const int MaxRows = 6;

    public override int Rows => MaxRows;

    public override int Columns => 2 * default(TSimd).Width;

    public override bool IsExact(int rows, int columns) =>
        columns == Columns ? rows is 2 or MaxRows : columns == default(TSimd).Width && rows == MaxRows;

    public override void Multiply(float* left, float* right, int depth, float* target, nint pitch, bool accumulate, int rows, int columns,
        float* ahead, nint aheadPitch, int aheadRows)
    {
        if (columns <= default(TSimd).Width) Tile6x1(left, right, depth, target, pitch, accumulate, ahead, aheadPitch, aheadRows);
        else if (rows <= 2) Tile2x2(left, right, depth, target, pitch, accumulate, ahead, aheadPitch, aheadRows);
        else Tile6x2(left, right, depth, target, pitch, accumulate, ahead, aheadPitch, aheadRows);
    }

    [MethodImpl(KernelCode.Optimized)]
    public override void Finish(float* tile, int rows, float* rowBias, float* columnBias, bool relu, float* target, nint pitch) =>
        GemmEpilogue<TSimd, TVector>.Finish(tile, rows, rowBias, columnBias, relu, target, pitch);

    [MethodImpl(KernelCode.Optimized)]
    private static void Tile6x2(float* a, float* b, int depth, float* c, nint pitch, bool accumulate,
        float* ahead, nint aheadPitch, int aheadRows)
    {
        TSimd simd = default;
        if (accumulate) PrefetchRows(c, pitch);
        TVector c00 = simd.Zero, c01 = simd.Zero, c10 = simd.Zero, c11 = simd.Zero, c20 = simd.Zero, c21 = simd.Zero, c30 = simd.Zero, c31 = simd.Zero;
        TVector c40 = simd.Zero, c41 = simd.Zero, c50 = simd.Zero, c51 = simd.Zero;
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
            }
            a += (MaxRows - 1) * DepthGroup;
        }
        Put(c, c00, c01, accumulate);
        Put(c + 1 * pitch, c10, c11, accumulate);
        Put(c + 2 * pitch, c20, c21, accumulate);
        Put(c + 3 * pitch, c30, c31, accumulate);
        Put(c + 4 * pitch, c40, c41, accumulate);
        Put(c + 5 * pitch, c50, c51, accumulate);
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Tile2x2(float* a, float* b, int depth, float* c, nint pitch, bool accumulate,
        float* ahead, nint aheadPitch, int aheadRows)
    {
        TSimd simd = default;
        if (accumulate) PrefetchRows(c, pitch);
        TVector c00 = simd.Zero, c01 = simd.Zero, c10 = simd.Zero, c11 = simd.Zero;
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
            }
            a += (MaxRows - 1) * DepthGroup;
        }
        Put(c, c00, c01, accumulate);
        Put(c + 1 * pitch, c10, c11, accumulate);
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Tile6x1(float* a, float* b, int depth, float* c, nint pitch, bool accumulate,
        float* ahead, nint aheadPitch, int aheadRows)
    {
        TSimd simd = default;
        if (accumulate) PrefetchRows(c, pitch);
        TVector c00 = simd.Zero, c10 = simd.Zero, c20 = simd.Zero, c30 = simd.Zero;
        TVector c40 = simd.Zero, c50 = simd.Zero;
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
            }
            a += (MaxRows - 1) * DepthGroup;
        }
        Put(c, c00, accumulate);
        Put(c + 1 * pitch, c10, accumulate);
        Put(c + 2 * pitch, c20, accumulate);
        Put(c + 3 * pitch, c30, accumulate);
        Put(c + 4 * pitch, c40, accumulate);
        Put(c + 5 * pitch, c50, accumulate);
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
