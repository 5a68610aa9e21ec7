using System.Runtime.CompilerServices;

namespace Cortado.Backends.Cpu;

/// <summary>
/// Some neighbouring columns of the image matrix, in one thread's room: the padded planes that they see, for some channels
/// at a time, and for each vector of columns the runs in those planes that make it up.
/// </summary>
internal unsafe struct Im2colWindow
{
    private readonly Im2colGeometry _geometry;
    private readonly PackKernel _pack;
    private readonly float* _planes;
    private readonly float* _rowMasks;
    private readonly float* _runMasks;
    private readonly int* _runs;
    private readonly int* _runCounts;
    private readonly Slot* _slots;
    private int _slotCount, _firstColumn, _rowVectors, _rowFloats;

    /// <summary>One image's share of the window.</summary>
    private struct Slot
    {
        public int Image, SourceRow, Rows;
    }

    /// <summary>Lays the window out in <paramref name="room"/>, which has <see cref="LaneFloats"/> floats.</summary>
    public Im2colWindow(Im2colGeometry geometry, PackKernel pack, float* room)
    {
        _geometry = geometry;
        _pack = pack;
        int vectors = Vectors(geometry, pack);
        _planes = room + Im2colGeometry.Slack;
        _rowMasks = room + RoundUp(geometry.PlaneFloats);
        _runMasks = _rowMasks + RoundUp(geometry.RowPitch + pack.Width);
        _runs = (int*)(_runMasks + RoundUp(vectors * pack.Width * pack.Width));
        _runCounts = _runs + RoundUp(vectors * pack.Width);
        _slots = (Slot*)(_runCounts + RoundUp(vectors));
        _slotCount = _firstColumn = _rowVectors = _rowFloats = 0;
        First = Count = 0;
    }

    /// <summary>The first column of the window.</summary>
    public int First { get; private set; }

    /// <summary>Columns of the window.</summary>
    public int Count { get; private set; }

    /// <summary>Floats of room that a window needs.</summary>
    public static int LaneFloats(Im2colGeometry geometry, PackKernel pack)
    {
        int vectors = Vectors(geometry, pack);
        return RoundUp(geometry.PlaneFloats) + RoundUp(geometry.RowPitch + pack.Width) + RoundUp(vectors * pack.Width * pack.Width)
            + RoundUp(vectors * pack.Width) + RoundUp(vectors) + RoundUp(3 * (geometry.MaxImages + 1));
    }

    /// <summary>Moves the window to columns [first, first + count).</summary>
    [MethodImpl(KernelCode.Optimized)]
    public void Set(int first, int count)
    {
        First = first;
        Count = count;
        Im2colGeometry g = _geometry;
        int image = first / g.GridSize, pixel = first % g.GridSize, left = count;
        bool oneRow = pixel % g.GridWidth + count <= g.GridWidth;
        _firstColumn = oneRow ? pixel % g.GridWidth : 0;
        SetRowMasks(oneRow ? count : g.GridWidth);
        _slotCount = 0;
        int width = _pack.Width, lane = 0, vector = 0, runCount = 0, planeRow = 0;
        while (left > 0)
        {
            int pixels = Math.Min(left, g.GridSize - pixel);
            int firstRow = pixel / g.GridWidth, lastRow = (pixel + pixels - 1) / g.GridWidth;
            int rows = (lastRow - firstRow) * g.StepY + g.ReachY + 1;
            _slots[_slotCount++] = new Slot { Image = image, SourceRow = firstRow * g.StepY + g.OriginY, Rows = rows };
            for (int y = firstRow; y <= lastRow; y++)
            {
                int x = y == firstRow ? pixel - firstRow * g.GridWidth : 0;
                int end = y == lastRow ? pixel + pixels - lastRow * g.GridWidth : g.GridWidth;
                int offset = (planeRow + (y - firstRow) * g.StepY) * g.RowPitch - _firstColumn;
                while (x < end)
                {
                    int lanes = Math.Min(end - x, width - lane);
                    _runs[vector * width + runCount] = offset + x - lane;
                    float* masks = _runMasks + (vector * width + runCount) * width;
                    for (int i = 0; i < width; i++) ((int*)masks)[i] = i >= lane && i < lane + lanes ? -1 : 0;
                    runCount++;
                    x += lanes;
                    lane += lanes;
                    if (lane < width) continue;
                    _runCounts[vector++] = runCount;
                    lane = runCount = 0;
                }
            }
            planeRow += rows;
            left -= pixels;
            pixel = 0;
            image++;
        }
        if (runCount > 0) _runCounts[vector] = runCount;
    }

    /// <summary>Copies channels [channel, channel + count) of the source into the padded planes.</summary>
    /// <param name="source">Image 0, channel 0 of the group.</param>
    /// <param name="begin">Where the source's memory begins.</param>
    /// <param name="end">Where it ends.</param>
    /// <param name="channel">The first channel.</param>
    /// <param name="count">How many.</param>
    [MethodImpl(KernelCode.Optimized)]
    public readonly void Fill(float* source, float* begin, float* end, int channel, int count)
    {
        Im2colGeometry g = _geometry;
        int sourcePlane = g.SourceHeight * g.SourceWidth;
        for (int c = 0; c < count; c++)
        {
            float* target = _planes + (nint)c * g.PlanePitch;
            for (int s = 0; s < _slotCount; s++)
            {
                float* plane = source + (nint)_slots[s].Image * g.ImageStride + (nint)(channel + c) * sourcePlane;
                int row = _slots[s].SourceRow, above = Math.Min(_slots[s].Rows, Math.Max(0, -row));
                int inside = Math.Max(0, Math.Min(_slots[s].Rows, g.SourceHeight - row) - above), below = _slots[s].Rows - above - inside;
                ClearRows(target, above);
                target += above * g.RowPitch;
                if (g.StepX == 1) CopyRows(plane + (row + above) * g.SourceWidth + g.OriginX + _firstColumn, inside, begin, end, target);
                else
                    for (int i = 0; i < inside; i++) SplitRow(plane + (row + above + i) * g.SourceWidth, target + i * g.RowPitch);
                target += inside * g.RowPitch;
                ClearRows(target, below);
                target += below * g.RowPitch;
            }
        }
    }

    /// <summary>Writes the window's columns of the first <paramref name="rows"/> rows of the matrix as right panels of so much depth.</summary>
    [MethodImpl(KernelCode.Optimized)]
    public readonly void PackRight(int rows, float* target, int panelColumns)
    {
        int width = _pack.Width, perPanel = panelColumns / width, vectors = (Count + width - 1) / width;
        for (int v = 0; v < vectors; v++)
            _pack.GatherRuns(_planes, _runs + v * width, _runMasks + v * width * width, _runCounts[v], _geometry.RowOffsets, rows,
                target + (nint)(v / perPanel) * rows * panelColumns + v % perPanel * width, panelColumns, rows, 0);
    }

    /// <summary>Writes matrix rows [row, row + rows), counted from the first channel in work, as left panels whose depth is the window's columns.</summary>
    [MethodImpl(KernelCode.Optimized)]
    public readonly void PackLeft(int row, int rows, float* target, int panelRows, int panelFloats)
    {
        int width = _pack.Width, perGroup = GemmKernel.DepthGroup / width, vectors = (Count + width - 1) / width;
        for (int v = 0; v < vectors; v++)
            _pack.GatherRuns(_planes, _runs + v * width, _runMasks + v * width * width, _runCounts[v], _geometry.RowOffsets + row, rows,
                target + v / perGroup * panelRows * GemmKernel.DepthGroup + v % perGroup * width, GemmKernel.DepthGroup, panelRows, panelFloats);
    }

    private static int Vectors(Im2colGeometry geometry, PackKernel pack) => (geometry.MaxWindow + pack.Width - 1) / pack.Width;

    private static int RoundUp(int floats) => (floats + 15) & ~15;

    [MethodImpl(KernelCode.Optimized)]
    private void SetRowMasks(int gridColumns)
    {
        Im2colGeometry g = _geometry;
        if (g.StepX != 1) return;
        _rowFloats = gridColumns + g.ReachX;
        _rowVectors = (_rowFloats + _pack.Width - 1) / _pack.Width;
        int column = g.OriginX + _firstColumn;
        for (int i = 0; i < _rowVectors * _pack.Width; i++)
            ((int*)_rowMasks)[i] = i < _rowFloats && (uint)(column + i) < (uint)g.SourceWidth ? -1 : 0;
    }

    [MethodImpl(KernelCode.Optimized)]
    private readonly void CopyRows(float* from, int rows, float* begin, float* end, float* target)
    {
        int pitch = _geometry.SourceWidth, reach = _rowVectors * _pack.Width;
        // At the very ends of the source a whole vector would reach beyond its memory.
        for (; rows > 0 && from < begin; rows--, from += pitch, target += _geometry.RowPitch) CopyRowPlainly(from, target);
        int last = 0;
        while (last < rows && from + (rows - 1 - last) * pitch + reach > end) last++;
        rows -= last;
        _pack.CopyRows(from, pitch, rows, _rowMasks, _rowVectors, target, _geometry.RowPitch);
        for (int i = rows; i < rows + last; i++) CopyRowPlainly(from + i * pitch, target + i * _geometry.RowPitch);
    }

    private readonly void CopyRowPlainly(float* from, float* target)
    {
        for (int i = 0; i < _rowVectors * _pack.Width; i++) target[i] = ((int*)_rowMasks)[i] != 0 ? from[i] : 0;
    }

    private readonly void ClearRows(float* target, int rows)
    {
        if (rows > 0) new Span<float>(target, rows * _geometry.RowPitch).Clear();
    }

    [MethodImpl(KernelCode.Optimized)]
    private readonly void SplitRow(float* row, float* target)
    {
        Im2colGeometry g = _geometry;
        int step = g.StepX, first = g.OriginX + _firstColumn * step, done = 0, begin = 0;
#if NET
        if (step is 2 or 4)
        {
            // The columns of which every phase lies inside the row.
            begin = Math.Min(g.SubWidth, first < 0 ? (step - 1 - first) / step : 0);
            int end = Math.Min(g.SubWidth, (g.SourceWidth - first) / step);
            done = begin;
            if (step == 4)
                for (; done <= end - 4; done += 4) TransposeKernel.Block4(row + first + 4 * done, 4, target + done, g.SubWidth);
            else
                for (; done <= end - 4; done += 4) TransposeKernel.Pairs4(row + first + 2 * done, target + done, target + g.SubWidth + done);
        }
#endif
        for (int phase = 0; phase < step; phase++, target += g.SubWidth)
        {
            for (int i = 0; i < begin; i++) target[i] = (uint)(first + i * step + phase) < (uint)g.SourceWidth ? row[first + i * step + phase] : 0;
            int x = first + done * step + phase, next = done;
            for (; next < g.SubWidth && x < 0; next++, x += step) target[next] = 0;
            for (; next < g.SubWidth && x < g.SourceWidth; next++, x += step) target[next] = row[x];
            for (; next < g.SubWidth; next++) target[next] = 0;
        }
    }
}
