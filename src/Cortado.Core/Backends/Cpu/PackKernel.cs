using System.Runtime.CompilerServices;

namespace Cortado.Backends.Cpu;

/// <summary>Moves values into the panels of <see cref="GemmKernel"/>.</summary>
internal abstract unsafe class PackKernel
{
    /// <summary>Floats in a vector.</summary>
    public abstract int Width { get; }

    /// <summary>
    /// Writes one vector of pixels of <paramref name="count"/> rows of an image matrix. The pixels of a vector come from one or more
    /// runs in the source; a run's lanes have ones in its mask (the first one needs none: it fills what the others leave).
    /// </summary>
    /// <param name="source">The padded planes.</param>
    /// <param name="runs">For each run, the offset in the source of the vector that holds it.</param>
    /// <param name="masks">For each run, a vector of masks.</param>
    /// <param name="runCount">How many runs.</param>
    /// <param name="offsets">For each row, how far it lies from the runs' offsets: its channel and tap.</param>
    /// <param name="count">How many rows.</param>
    /// <param name="target">Where the first row's vector goes.</param>
    /// <param name="pitch">Floats from one row's vector to the next.</param>
    /// <param name="panelRows">Rows of a panel.</param>
    /// <param name="panelPitch">Floats from one panel to the next.</param>
    public abstract void GatherRuns(float* source, int* runs, float* masks, int runCount, int* offsets, int count,
        float* target, nint pitch, int panelRows, nint panelPitch);

    /// <summary>Rows of whole vectors: target[i] = source[i] where the masks have ones, else 0.</summary>
    public abstract void CopyRows(float* source, nint sourcePitch, int rows, float* masks, int vectors, float* target, nint targetPitch);

    /// <summary>target[i] += source[i].</summary>
    public abstract void Add(float* source, float* target, int count);

    /// <summary>The sum of count values, in an order that depends on the count alone.</summary>
    public abstract float Sum(float* source, int count);

    /// <summary>Packs rows that lie contiguous along the depth into a left panel; missing rows become zeros.</summary>
    [MethodImpl(KernelCode.Optimized)]
    public static void LeftFromRows(float* source, nint pitch, int rows, int depth, float* target, int panelRows)
    {
        for (int start = 0; start < depth; start += GemmKernel.DepthGroup)
        {
            int steps = Math.Min(GemmKernel.DepthGroup, depth - start);
            for (int row = 0; row < panelRows; row++, target += GemmKernel.DepthGroup)
            {
                float* from = source + row * pitch + start;
                if (row >= rows) *(Group*)target = default;
                else if (steps == GemmKernel.DepthGroup) *(Group*)target = *(Group*)from;
                else
                    for (int i = 0; i < steps; i++) target[i] = from[i];
            }
        }
    }

    /// <summary>Spreads one row over a left panel; the steps from count to depth become zeros.</summary>
    [MethodImpl(KernelCode.Optimized)]
    public static void LeftRow(float* row, int count, int depth, float* target, int panelRows)
    {
        int step = 0;
        for (; step <= count - GemmKernel.DepthGroup; step += GemmKernel.DepthGroup, target += panelRows * GemmKernel.DepthGroup)
            *(Group*)target = *(Group*)(row + step);
        for (; step < depth; target += panelRows * GemmKernel.DepthGroup)
            for (int i = 0; i < GemmKernel.DepthGroup && step < depth; i++, step++) target[i] = step < count ? row[step] : 0;
    }

    /// <summary>
    /// Copies a short run in pieces of sixteen: up to fifteen floats behind the target's run are overwritten, and nothing at or beyond
    /// <paramref name="end"/> is read.
    /// </summary>
    [MethodImpl(KernelCode.Optimized)]
    public static void CopyRun(float* source, int count, float* target, float* end)
    {
        int i = 0;
        for (; i < count && source + i + GemmKernel.DepthGroup <= end; i += GemmKernel.DepthGroup) *(Group*)(target + i) = *(Group*)(source + i);
        for (; i < count; i++) target[i] = source[i];
    }

    /// <summary>Packs rows of which one step of depth lies contiguous (a transposed left matrix) into a left panel; missing rows become zeros.</summary>
    [MethodImpl(KernelCode.Optimized)]
    public static void LeftFromColumns(float* source, nint pitch, int rows, int depth, float* target, int panelRows)
    {
        for (int start = 0; start < depth; start += GemmKernel.DepthGroup, target += panelRows * GemmKernel.DepthGroup)
        {
            int steps = Math.Min(GemmKernel.DepthGroup, depth - start), row = 0;
#if NET
            if (steps == GemmKernel.DepthGroup)
                for (; row <= rows - 4; row += 4)
                    for (int step = 0; step < GemmKernel.DepthGroup; step += 4)
                        TransposeKernel.Block4(source + step * pitch + row, pitch, target + row * GemmKernel.DepthGroup + step, GemmKernel.DepthGroup);
#endif
            for (; row < panelRows; row++)
                for (int step = 0; step < steps; step++) target[row * GemmKernel.DepthGroup + step] = row < rows ? source[step * pitch + row] : 0;
            source += steps * pitch;
        }
    }

    /// <summary>Packs columns of which one step of depth lies contiguous into a right panel; missing columns become zeros.</summary>
    [MethodImpl(KernelCode.Optimized)]
    public static void RightFromRows(float* source, nint pitch, int columns, int depth, float* target, int panelColumns)
    {
        for (int step = 0; step < depth; step++, source += pitch, target += panelColumns)
        {
            new ReadOnlySpan<float>(source, columns).CopyTo(new Span<float>(target, columns));
            for (int i = columns; i < panelColumns; i++) target[i] = 0;
        }
    }

    /// <summary>Packs one step of depth of several right panels; missing columns become zeros.</summary>
    [MethodImpl(KernelCode.Optimized)]
    public static void RowAcrossPanels(float* source, int columns, float* target, int panelColumns, nint panelFloats)
    {
        for (; columns > 0; columns -= panelColumns, source += panelColumns, target += panelFloats)
        {
            int i = 0, count = Math.Min(columns, panelColumns);
            for (; i <= count - 8; i += 8) *(Half*)(target + i) = *(Half*)(source + i);
            for (; i < count; i++) target[i] = source[i];
            for (; i < panelColumns; i++) target[i] = 0;
        }
    }

    /// <summary>
    /// Packs columns that lie contiguous along the depth into a right panel, transposing; missing columns become zeros. Nothing at
    /// or beyond <paramref name="end"/> is read.
    /// </summary>
    [MethodImpl(KernelCode.Optimized)]
    public static void RightFromColumns(float* source, nint pitch, int columns, int depth, float* target, int panelColumns, float* end)
    {
        int column = 0;
#if NET
        if (TransposeKernel.HasBlock16)
            for (; column <= columns - 16; column += 16)
                for (int step = 0; step < depth; step += 16)
                {
                    int steps = Math.Min(16, depth - step);
                    float* from = source + column * pitch + step, to = target + (nint)step * panelColumns + column;
                    if (steps == 16 || from + 15 * pitch + 16 <= end) TransposeKernel.Block16(from, pitch, to, panelColumns, steps);
                    else TransposePlainly(from, pitch, 16, steps, to, panelColumns);
                }
        for (; column <= columns - 4; column += 4)
        {
            float* from = source + column * pitch, to = target + column;
            int step = 0;
            for (; step <= depth - 4; step += 4) TransposeKernel.Block4(from + step, pitch, to + (nint)step * panelColumns, panelColumns);
            TransposePlainly(from + step, pitch, 4, depth - step, to + (nint)step * panelColumns, panelColumns);
        }
#endif
        TransposePlainly(source + column * pitch, pitch, columns - column, depth, target + column, panelColumns);
        for (column = columns; column < panelColumns; column++)
        {
            float* to = target + column;
            for (int step = 0; step < depth; step++, to += panelColumns) *to = 0;
        }
    }

    /// <summary>Transposes rows x columns values.</summary>
    [MethodImpl(KernelCode.Optimized)]
    public static void TransposePlainly(float* source, nint sourcePitch, int rows, int columns, float* target, nint targetPitch)
    {
        for (int row = 0; row < rows; row++, source += sourcePitch)
        {
            float* to = target + row;
            for (int column = 0; column < columns; column++, to += targetPitch) *to = source[column];
        }
    }

    /// <summary>Transposes a tile of sums into a result whose rows are the tile's columns.</summary>
    [MethodImpl(KernelCode.Optimized)]
    public static void TransposeTile(float* tile, int tilePitch, int rows, int columns, float* target, nint targetPitch)
    {
        int row = 0;
#if NET
        for (; row <= rows - 4; row += 4)
        {
            int column = 0;
            for (; column <= columns - 4; column += 4)
                TransposeKernel.Block4(tile + row * tilePitch + column, tilePitch, target + column * targetPitch + row, targetPitch);
            TransposePlainly(tile + row * tilePitch + column, tilePitch, 4, columns - column, target + column * targetPitch + row, targetPitch);
        }
#endif
        TransposePlainly(tile + row * tilePitch, tilePitch, rows - row, columns, target + row, targetPitch);
    }

    /// <summary>Eight floats, copied as one value.</summary>
    private struct Half
    {
#pragma warning disable CS0169 // The fields are there for their size.
        private long _0, _1, _2, _3;
#pragma warning restore CS0169
    }

    /// <summary>Sixteen floats, copied as one value.</summary>
    private struct Group
    {
#pragma warning disable CS0169 // The fields are there for their size.
        private long _0, _1, _2, _3, _4, _5, _6, _7;
#pragma warning restore CS0169
    }
}

/// <inheritdoc cref="PackKernel"/>
internal sealed unsafe class PackKernel<TSimd, TVector> : PackKernel
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public override int Width => default(TSimd).Width;

    [MethodImpl(KernelCode.Optimized)]
    public override void GatherRuns(float* source, int* runs, float* masks, int runCount, int* offsets, int count,
        float* target, nint pitch, int panelRows, nint panelPitch)
    {
        TSimd simd = default;
        int width = simd.Width;
        // Runs that there are not are the first one again, under a mask of zeros.
        float* first = source + runs[0], second = source + runs[runCount > 1 ? 1 : 0];
        float* third = source + runs[runCount > 2 ? 2 : 0], fourth = source + runs[runCount > 3 ? 3 : 0];
        TVector secondMask = runCount > 1 ? simd.Load(masks + width) : simd.Zero;
        TVector thirdMask = runCount > 2 ? simd.Load(masks + 2 * width) : simd.Zero;
        TVector fourthMask = runCount > 3 ? simd.Load(masks + 3 * width) : simd.Zero;
        for (; count > 0; count -= panelRows, target += panelPitch)
        {
            float* to = target;
            int* end = offsets + Math.Min(count, panelRows);
            if (runCount == 1)
                for (; offsets < end; offsets++, to += pitch) simd.Store(to, simd.Load(first + *offsets));
            else if (runCount == 2)
                for (; offsets < end; offsets++, to += pitch)
                {
                    nint offset = *offsets;
                    simd.Store(to, simd.Select(secondMask, simd.Load(second + offset), simd.Load(first + offset)));
                }
            else if (runCount == 3)
                for (; offsets < end; offsets++, to += pitch)
                {
                    nint offset = *offsets;
                    TVector value = simd.Select(secondMask, simd.Load(second + offset), simd.Load(first + offset));
                    simd.Store(to, simd.Select(thirdMask, simd.Load(third + offset), value));
                }
            else
                for (; offsets < end; offsets++, to += pitch)
                {
                    nint offset = *offsets;
                    TVector value = simd.Select(secondMask, simd.Load(second + offset), simd.Load(first + offset));
                    value = simd.Select(thirdMask, simd.Load(third + offset), value);
                    value = simd.Select(fourthMask, simd.Load(fourth + offset), value);
                    for (int run = 4; run < runCount; run++)
                        value = simd.Select(simd.Load(masks + run * width), simd.Load(source + runs[run] + offset), value);
                    simd.Store(to, value);
                }
        }
    }

    [MethodImpl(KernelCode.Optimized)]
    public override void CopyRows(float* source, nint sourcePitch, int rows, float* masks, int vectors, float* target, nint targetPitch)
    {
        TSimd simd = default;
        TVector first = simd.Load(masks);
        if (vectors == 1)
            for (; rows > 0; rows--, source += sourcePitch, target += targetPitch) simd.Store(target, simd.And(simd.Load(source), first));
        else
            for (; rows > 0; rows--, source += sourcePitch, target += targetPitch)
            {
                simd.Store(target, simd.And(simd.Load(source), first));
                for (int i = simd.Width; i < vectors * simd.Width; i += simd.Width)
                    simd.Store(target + i, simd.And(simd.Load(source + i), simd.Load(masks + i)));
            }
    }

    [MethodImpl(KernelCode.Optimized)]
    public override void Add(float* source, float* target, int count)
    {
        TSimd simd = default;
        int width = simd.Width, i = 0;
        for (; i <= count - width; i += width) simd.Store(target + i, simd.Add(simd.Load(target + i), simd.Load(source + i)));
        for (; i < count; i++) target[i] += source[i];
    }

    [MethodImpl(KernelCode.Optimized)]
    public override float Sum(float* source, int count)
    {
        TSimd simd = default;
        int width = simd.Width, i = 0;
        TVector sum0 = simd.Zero, sum1 = simd.Zero;
        for (; i <= count - 2 * width; i += 2 * width)
        {
            sum0 = simd.Add(sum0, simd.Load(source + i));
            sum1 = simd.Add(sum1, simd.Load(source + i + width));
        }
        float sum = simd.Sum(simd.Add(sum0, sum1));
        for (; i < count; i++) sum += source[i];
        return sum;
    }
}
