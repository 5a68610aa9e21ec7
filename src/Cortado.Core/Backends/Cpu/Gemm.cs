using System.Runtime.CompilerServices;

namespace Cortado.Backends.Cpu;

/// <summary>A matrix product's shapes and how its operands lie in memory.</summary>
/// <param name="Rows">Rows of the product.</param>
/// <param name="Columns">Columns of the product.</param>
/// <param name="Depth">Length of the sums.</param>
/// <param name="LeftTransposed">Whether the left matrix is stored (depth, rows) rather than (rows, depth).</param>
/// <param name="RightTransposed">Whether the right matrix is stored (columns, depth) rather than (depth, columns).</param>
/// <param name="ResultTransposed">Whether the product is stored (columns, rows) rather than (rows, columns).</param>
/// <param name="Accumulate">Whether the product is added to what is there; not for a transposed result, nor with bias or ReLU.</param>
internal sealed record GemmShape(int Rows, int Columns, int Depth, bool LeftTransposed, bool RightTransposed, bool ResultTransposed, bool Accumulate);

/// <summary>
/// result (+)= left * right, for dense matrices. The smaller operand is packed once, for all tasks; a task packs a block of the
/// larger one into its second-level cache and computes all that needs it, so each value of the larger one is read
/// and packed once. Every sum runs along the depth in the same order and blocks, however many threads there are.
/// </summary>
internal sealed unsafe class Gemm : LaneTasks
{
    private const int PackPhase = 0, MultiplyPhase = 1;

    private readonly CpuBackend _backend;
    private readonly GemmKernel _kernel;
    private readonly GemmShape _shape;
    private readonly bool _sharesLeft;
    private readonly int _leftPanels, _rightPanels, _depth, _blocks, _leftFloats, _rightFloats, _tileFloats;
    private readonly int _taskPanels, _tasks, _ownFloats, _resultPitch;
    private float* _left, _right, _result, _rowBias, _columnBias;
    private bool _relu;

    public Gemm(CpuBackend backend, GemmShape shape)
    {
        _backend = backend;
        _kernel = backend.Kernels.Gemm;
        _shape = shape;
        _leftPanels = GemmBlocking.DivideUp(shape.Rows, _kernel.Rows);
        _rightPanels = GemmBlocking.DivideUp(shape.Columns, _kernel.Columns);
        _resultPitch = shape.ResultTransposed ? shape.Rows : shape.Columns;
        _tileFloats = _kernel.Rows * _kernel.Columns;
        SetWork((double)shape.Rows * shape.Columns * shape.Depth);
        _sharesLeft = shape.Rows <= shape.Columns;
        _blocks = Math.Max(1, GemmBlocking.DivideUp(shape.Depth, MostDepth(backend.Blocking)));
        _depth = GemmBlocking.RoundUp(Math.Max(1, GemmBlocking.DivideUp(shape.Depth, _blocks)), GemmKernel.DepthGroup);
        _blocks = Math.Max(1, GemmBlocking.DivideUp(shape.Depth, _depth));
        _leftFloats = _kernel.LeftPanel(_depth);
        _rightFloats = _kernel.RightPanel(_depth);

        int panels = _sharesLeft ? _rightPanels : _leftPanels, panelFloats = _sharesLeft ? _rightFloats : _leftFloats;
        int otherPanels = _sharesLeft ? _leftPanels : _rightPanels;
        int threads = backend.Workers.Count, budget = backend.Blocking.BlockFloats / 2;
        int fits = Math.Min(budget / panelFloats, KeepsSums ? budget / (otherPanels * _tileFloats) : int.MaxValue);
        _taskPanels = Math.Max(1, Math.Min(fits, panels / (threads == 1 ? 1 : 8 * threads)));
        _tasks = GemmBlocking.DivideUp(panels, _taskPanels);
        _ownFloats = _taskPanels * panelFloats;
        int sums = KeepsSums ? _taskPanels * otherPanels * _tileFloats : _tileFloats;
        int shared = checked(_blocks * otherPanels * (_sharesLeft ? _leftFloats : _rightFloats));
        backend.Workspace.Reserve(checked(_ownFloats + sums + _kernel.Columns), shared);
    }

    /// <summary>
    /// How deep a block may be. Rows that a thread reads for itself are read in longer pieces from a deeper block, which memory likes;
    /// that is affordable while the shared operand's block stays in the second-level cache.
    /// </summary>
    private int MostDepth(GemmBlocking blocking)
    {
        if (_shape.Accumulate) return 2 * blocking.Depth;
        if (_sharesLeft || _shape.LeftTransposed) return blocking.Depth;
        int fits = blocking.BlockFloats / 2 / (_rightPanels * _kernel.Columns);
        return Math.Max(blocking.Depth, Math.Min(blocking.ConvolutionDepth, fits));
    }

    /// <summary>
    /// Whether sums wait in a thread's room until the last block of depth. In the result, rows a power of two apart would drive one
    /// another out of the cache between the blocks.
    /// </summary>
    private bool KeepsSums => _blocks > 1 && !_shape.Accumulate;

    /// <summary>Computes the product; the operands lie dense.</summary>
    /// <param name="left">The left matrix.</param>
    /// <param name="right">The right matrix.</param>
    /// <param name="rowBias">A value for each row, or null.</param>
    /// <param name="columnBias">A value for each column, or null.</param>
    /// <param name="relu">Whether a ReLU follows.</param>
    /// <param name="result">Where the product goes.</param>
    public void Run(float* left, float* right, float* rowBias, float* columnBias, bool relu, float* result)
    {
        if (_shape.Rows == 0 || _shape.Columns == 0) return;
        _left = left;
        _right = right;
        _rowBias = rowBias;
        _columnBias = columnBias;
        _relu = relu;
        _result = result;
        RunTasks(_backend.Workers, PackPhase, _blocks * (_sharesLeft ? _leftPanels : _rightPanels));
        RunTasks(_backend.Workers, MultiplyPhase, _tasks);
    }

    protected override void RunTask(int phase, int task, int lane)
    {
        if (phase == MultiplyPhase) Multiply(task, lane);
        else if (_sharesLeft) PackLeft(task / _leftPanels, task % _leftPanels, _backend.Workspace.Shared + (nint)task * _leftFloats);
        else PackRight(task / _rightPanels, task % _rightPanels, _backend.Workspace.Shared + (nint)task * _rightFloats);
    }

    private int BlockDepth(int block) => Math.Min(_depth, _shape.Depth - block * _depth);

    private void PackLeft(int block, int panel, float* target)
    {
        int row = panel * _kernel.Rows, rows = Math.Min(_kernel.Rows, _shape.Rows - row), step = block * _depth;
        if (_shape.LeftTransposed)
            PackKernel.LeftFromColumns(_left + (nint)step * _shape.Rows + row, _shape.Rows, rows, BlockDepth(block), target, _kernel.Rows);
        else
            PackKernel.LeftFromRows(_left + (nint)row * _shape.Depth + step, _shape.Depth, rows, BlockDepth(block), target, _kernel.Rows);
    }

    private void PackRight(int block, int panel, float* target)
    {
        int column = panel * _kernel.Columns, columns = Math.Min(_kernel.Columns, _shape.Columns - column), step = block * _depth;
        if (_shape.RightTransposed)
            PackKernel.RightFromColumns(_right + (nint)column * _shape.Depth + step, _shape.Depth, columns, BlockDepth(block), target, _kernel.Columns,
                _right + (nint)_shape.Columns * _shape.Depth);
        else
            PackKernel.RightFromRows(_right + (nint)step * _shape.Columns + column, _shape.Columns, columns, BlockDepth(block), target, _kernel.Columns);
    }

    [MethodImpl(KernelCode.Optimized)]
    private void Multiply(int task, int lane)
    {
        float* own = _backend.Workspace.Lane(lane);
        float* sums = own + _ownFloats;
        int first = task * _taskPanels, end = Math.Min(_sharesLeft ? _rightPanels : _leftPanels, first + _taskPanels);
        for (int block = 0; block < _blocks; block++)
        {
            Ahead ahead = block + 1 < _blocks ? NextBlock(task, block + 1) : NextBlock(task + 1, 0);
            if (_sharesLeft)
            {
                PackOwnRight(block, first, end, own);
                float* left = _backend.Workspace.Shared + (nint)block * _leftPanels * _leftFloats;
                ahead.Share(_leftPanels * (end - first));
                for (int l = 0; l < _leftPanels; l++, left += _leftFloats)
                    for (int r = first; r < end; r++)
                        Tile(block, left, own + (nint)(r - first) * _rightFloats, l, r, sums, (nint)l * _taskPanels + r - first, ref ahead);
            }
            else
            {
                for (int p = first; p < end; p++) PackLeft(block, p, own + (nint)(p - first) * _leftFloats);
                float* right = _backend.Workspace.Shared + (nint)block * _rightPanels * _rightFloats;
                ahead.Share(_rightPanels * (end - first));
                for (int r = 0; r < _rightPanels; r++, right += _rightFloats)
                    for (int l = first; l < end; l++)
                        Tile(block, own + (nint)(l - first) * _leftFloats, right, l, r, sums, (nint)r * _taskPanels + l - first, ref ahead);
            }
        }
    }

    /// <summary>A part of the larger operand that is wanted next: rows a pitch apart, some of them for each tile to fetch.</summary>
    private struct Ahead
    {
        public float* Next;
        public nint Pitch;
        public int Rows, RowsPerTile, RowsNow;

        /// <summary>Spreads the fetching over so many tiles.</summary>
        public void Share(int tiles) => RowsPerTile = GemmBlocking.DivideUp(Rows, tiles);

        /// <summary>Moves on to the next tile's rows; returns where they begin.</summary>
        public float* Take()
        {
            float* taken = Next;
            RowsNow = Math.Min(RowsPerTile, Rows);
            Rows -= RowsNow;
            Next += RowsNow * Pitch;
            return taken;
        }
    }

    /// <summary>
    /// What the thread will pack next, so that memory delivers it while the sums run. After the last block of a task that is
    /// most often the neighbouring task.
    /// </summary>
    private Ahead NextBlock(int task, int block)
    {
        int first = task * _taskPanels, end = Math.Min(_sharesLeft ? _rightPanels : _leftPanels, first + _taskPanels);
        if (first >= end || (_sharesLeft ? _shape.RightTransposed : _shape.LeftTransposed)) return default;
        int step = block * _depth;
        if (!_sharesLeft)
        {
            int row = first * _kernel.Rows, rows = Math.Min(end * _kernel.Rows, _shape.Rows) - row;
            return new Ahead { Next = _left + (nint)row * _shape.Depth + step, Pitch = _shape.Depth, Rows = rows };
        }
        int column = first * _kernel.Columns;
        return new Ahead { Next = _right + (nint)step * _shape.Columns + column, Pitch = _shape.Columns, Rows = BlockDepth(block) };
    }

    private void PackOwnRight(int block, int first, int end, float* own)
    {
        if (_shape.RightTransposed)
        {
            for (int p = first; p < end; p++) PackRight(block, p, own + (nint)(p - first) * _rightFloats);
            return;
        }
        // Row by row across all panels: a row's columns lie together in memory.
        int width = _kernel.Columns, column = first * width, columns = Math.Min(end * width, _shape.Columns) - column, depth = BlockDepth(block);
        float* source = _right + (nint)block * _depth * _shape.Columns + column;
        for (int step = 0; step < depth; step++, source += _shape.Columns)
            PackKernel.RowAcrossPanels(source, columns, own + step * width, width, _rightFloats);
    }

    [MethodImpl(KernelCode.Optimized)]
    private void Tile(int block, float* left, float* right, int leftPanel, int rightPanel, float* sums, nint index, ref Ahead ahead)
    {
        int row = leftPanel * _kernel.Rows, rows = Math.Min(_kernel.Rows, _shape.Rows - row);
        int column = rightPanel * _kernel.Columns, columns = Math.Min(_kernel.Columns, _shape.Columns - column);
        int depth = BlockDepth(block);
        float* next = ahead.Take();
        bool last = block == _blocks - 1, finishes = _relu || _rowBias != null || _columnBias != null;
        float* result = _shape.ResultTransposed ? _result + (nint)column * _resultPitch + row : _result + (nint)row * _resultPitch + column;
        if (!KeepsSums && !finishes && !_shape.ResultTransposed && _kernel.IsExact(rows, columns))
        {
            _kernel.Multiply(left, right, depth, result, _resultPitch, _shape.Accumulate, rows, columns, next, ahead.Pitch, ahead.RowsNow);
            return;
        }
        float* tile = KeepsSums ? sums + index * _tileFloats : sums;
        _kernel.Multiply(left, right, depth, tile, _kernel.Columns, KeepsSums && block > 0, rows, columns, next, ahead.Pitch, ahead.RowsNow);
        if (KeepsSums && !last) return;
        if (_shape.Accumulate)
            for (int r = 0; r < rows; r++) _backend.Kernels.Pack.Add(result + (nint)r * _resultPitch, tile + r * _kernel.Columns, columns);
        float* rowBias = _rowBias == null ? null : _rowBias + row, columnBias = ColumnBias(column, columns, sums);
        if (!_shape.ResultTransposed && columns == _kernel.Columns)
        {
            _kernel.Finish(tile, rows, rowBias, columnBias, _relu, result, _resultPitch);
            return;
        }
        if (finishes) _kernel.Finish(tile, rows, rowBias, columnBias, _relu, tile, _kernel.Columns);
        if (_shape.ResultTransposed) PackKernel.TransposeTile(tile, _kernel.Columns, rows, columns, result, _resultPitch);
        else
            for (int r = 0; r < rows; r++)
                for (int c = 0; c < columns; c++) result[(nint)r * _resultPitch + c] = tile[r * _kernel.Columns + c];
    }

    /// <summary>The bias of a tile's columns, with a whole tile's floats to read.</summary>
    private float* ColumnBias(int column, int columns, float* sums)
    {
        if (_columnBias == null || columns == _kernel.Columns) return _columnBias == null ? null : _columnBias + column;
        float* padded = sums + (KeepsSums ? (nint)_taskPanels * (_sharesLeft ? _leftPanels : _rightPanels) : 1) * _tileFloats;
        for (int c = 0; c < _kernel.Columns; c++) padded[c] = c < columns ? _columnBias[column + c] : 0;
        return padded;
    }
}
