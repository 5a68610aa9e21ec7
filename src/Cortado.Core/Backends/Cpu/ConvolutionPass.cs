using System.Runtime.CompilerServices;
using Cortado.Tensors;

namespace Cortado.Backends.Cpu;

/// <summary>Where a convolution's weight for (group, row, channel, tap) lies, in floats from the first.</summary>
/// <param name="Group">From one group to the next.</param>
/// <param name="Row">From one row of the product (a channel of what is computed) to the next.</param>
/// <param name="Channel">From one channel of what is read to the next.</param>
/// <param name="Taps">Of each tap.</param>
internal sealed record ConvolutionWeights(int Group, int Row, int Channel, int[] Taps);

/// <summary>Where the pixels that a pass computes lie in a plane of its result.</summary>
/// <param name="Height">Rows of a plane.</param>
/// <param name="Width">Columns of a plane.</param>
/// <param name="StepY">Rows from one grid row to the next.</param>
/// <param name="StepX">Columns from one grid column to the next.</param>
/// <param name="FirstY">Row of grid row 0.</param>
/// <param name="FirstX">Column of grid column 0.</param>
internal sealed record ConvolutionTarget(int Height, int Width, int StepY, int StepX, int FirstY, int FirstX);

/// <summary>
/// weights x image matrix, over the whole batch: the forward convolution, and the gradient of its input. A task computes some rows
/// of some neighbouring pixels: it packs these pixels' columns of the image matrix into its second-level cache and multiplies
/// them by weights packed once for all tasks. Each sum runs along channels and taps in the same order and blocks, however the
/// work is cut into tasks.
/// </summary>
internal sealed unsafe class ConvolutionPass : LaneTasks, IDisposable
{
    private const int PackPhase = 0, MultiplyPhase = 1;

    private readonly CpuBackend _backend;
    private readonly GemmKernel _kernel;
    private readonly Im2colGeometry _geometry;
    private readonly ConvolutionWeights _order;
    private readonly ConvolutionTarget _target;
    private readonly HostBuffer? _frozen;
    private readonly int _groups, _rows, _panels, _depth, _blocks, _panelFloats;
    private readonly int _window, _windows, _rowBlock, _rowBlocks;
    private readonly int _windowFloats, _rightFloats, _weightCount;
    private readonly bool _tapsTogether;
    private bool _packed;
    private float* _source, _sourceEnd, _weights, _bias, _result, _left;
    private bool _relu;

    /// <summary>Prepares a pass.</summary>
    /// <param name="backend">Whose threads and room to use.</param>
    /// <param name="geometry">The image matrix of one group; owned by the pass from here on.</param>
    /// <param name="groups">Groups.</param>
    /// <param name="rows">Rows of the product: channels of the result in one group.</param>
    /// <param name="order">Where the weights lie.</param>
    /// <param name="target">Where the result goes.</param>
    /// <param name="frozen">Whether to keep packed weights until told that they changed.</param>
    public ConvolutionPass(CpuBackend backend, Im2colGeometry geometry, int groups, int rows, ConvolutionWeights order, ConvolutionTarget target, bool frozen)
    {
        _backend = backend;
        _kernel = backend.Kernels.Gemm;
        _geometry = geometry;
        _order = order;
        _target = target;
        _groups = groups;
        _rows = rows;
        _panels = GemmBlocking.DivideUp(rows, _kernel.Rows);
        _blocks = GemmBlocking.DivideUp(geometry.Channels, geometry.ChannelsAtOnce);
        _depth = geometry.ChannelsAtOnce * geometry.Taps;
        _panelFloats = _kernel.LeftPanel(_depth);

        _weightCount = checked(groups * order.Group);
        _tapsTogether = true;
        for (int tap = 1; tap < geometry.Taps; tap++) _tapsTogether &= order.Taps[tap] == order.Taps[0] + tap;

        SetWork((double)groups * rows * geometry.Channels * geometry.Taps * geometry.Pixels);
        int pixels = geometry.Pixels, threads = backend.Workers.Count, wanted = threads == 1 ? 1 : 4 * threads;
        _window = backend.Blocking.BlockColumns(_depth, pixels);
        while (_window > _kernel.Columns && groups * GemmBlocking.DivideUp(pixels, _window) < wanted) _window -= _kernel.Columns;
        _windows = GemmBlocking.DivideUp(pixels, _window);
        // Each block of rows packs the pixels anew, so rows are cut only where there are too few pixels to go round.
        int shares = groups * _windows >= wanted ? 1 : GemmBlocking.DivideUp(2 * threads, groups * _windows);
        _rowBlock = GemmBlocking.DivideUp(_panels, Math.Min(_panels, Math.Max(1, shares)));
        _rowBlocks = GemmBlocking.DivideUp(_panels, _rowBlock);

        geometry.Plan(_window);
        _windowFloats = Im2colWindow.LaneFloats(geometry, backend.Kernels.Pack);
        _rightFloats = _window / _kernel.Columns * _kernel.RightPanel(_depth);
        int sums = _kernel.Rows * _kernel.Columns * (_blocks == 1 ? 1 : _rowBlock * (_window / _kernel.Columns));
        int packed = checked(groups * _blocks * _panels * _panelFloats);
        if (frozen) _frozen = new HostBuffer(packed);
        int lines = _kernel.Rows * (_depth + GemmKernel.DepthGroup);
        backend.Workspace.Reserve(Math.Max(lines, checked(_windowFloats + _rightFloats + sums)), frozen ? 0 : packed);
    }

    /// <summary>The most channels whose taps fit a block of depth.</summary>
    public static int ChannelsAtOnce(GemmBlocking blocking, int channels, int taps)
    {
        int most = Math.Max(1, blocking.ConvolutionDepth / taps);
        return GemmBlocking.DivideUp(channels, GemmBlocking.DivideUp(channels, most));
    }

    /// <summary>Says that frozen weights changed.</summary>
    public void WeightsChanged() => _packed = false;

    /// <summary>Computes the result of the whole batch.</summary>
    public void Run(float* source, float* weights, float* bias, bool relu, float* result)
    {
        if (_geometry.Pixels == 0) return;
        _source = source;
        _sourceEnd = source + (nint)_geometry.Batch * _geometry.ImageStride;
        _weights = weights;
        _bias = bias;
        _relu = relu;
        _result = result;
        _left = _frozen != null ? _frozen.Pointer : _backend.Workspace.Shared;
        if (!_packed) RunTasks(_backend.Workers, PackPhase, _groups * _blocks * _panels);
        _packed = _frozen != null;
        RunTasks(_backend.Workers, MultiplyPhase, _groups * _windows * _rowBlocks);
    }

    public void Dispose()
    {
        _geometry.Dispose();
        _frozen?.Dispose();
    }

    protected override void RunTask(int phase, int task, int lane)
    {
        if (phase == PackPhase) PackWeights(task, lane);
        else Multiply(task, lane);
    }

    [MethodImpl(KernelCode.Optimized)]
    private void PackWeights(int index, int lane)
    {
        int panel = index % _panels, block = index / _panels % _blocks, group = index / _panels / _blocks;
        int channel = block * _geometry.ChannelsAtOnce, channels = Math.Min(_geometry.ChannelsAtOnce, _geometry.Channels - channel);
        int row = panel * _kernel.Rows, rows = Math.Min(_kernel.Rows, _rows - row), taps = _geometry.Taps;
        float* source = _weights + (nint)group * _order.Group + (nint)row * _order.Row + (nint)channel * _order.Channel;
        float* target = _left + (nint)index * _panelFloats;
        if (_tapsTogether && _order.Channel == taps)
        {
            PackKernel.LeftFromRows(source, _order.Row, rows, channels * taps, target, _kernel.Rows);
            return;
        }
        // The rows are first put together along the depth, a channel's runs for all rows at a time as they lie in memory, and
        // then spread over the panel's groups.
        float* lines = _backend.Workspace.Lane(lane), end = _weights + _weightCount;
        int pitch = _depth + GemmKernel.DepthGroup;
        for (int c = 0; c < channels; c++, source += _order.Channel)
            for (int r = 0; r < rows; r++)
            {
                float* from = source + (nint)r * _order.Row, to = lines + r * pitch + c * taps;
                if (_tapsTogether) PackKernel.CopyRun(from + _order.Taps[0], taps, to, end);
                else
                    for (int tap = 0; tap < taps; tap++) to[tap] = from[_order.Taps[tap]];
            }
        for (int r = 0; r < _kernel.Rows; r++)
            PackKernel.LeftRow(lines + r * pitch, r < rows ? channels * taps : 0, channels * taps, target + r * GemmKernel.DepthGroup, _kernel.Rows);
    }

    [MethodImpl(KernelCode.Optimized)]
    private void Multiply(int task, int lane)
    {
        // Windows run fastest: neighbouring tasks read the same weights, and windows of unlike size go to the same thread.
        int windowIndex = task % _windows, rowBlock = task / _windows % _rowBlocks, group = task / _windows / _rowBlocks;
        int firstPanel = rowBlock * _rowBlock, endPanel = Math.Min(_panels, firstPanel + _rowBlock);
        float* room = _backend.Workspace.Lane(lane);
        float* right = room + _windowFloats;
        float* sums = right + _rightFloats;
        var window = new Im2colWindow(_geometry, _backend.Kernels.Pack, room);
        window.Set(windowIndex * _window, Math.Min(_window, _geometry.Pixels - windowIndex * _window));
        int tileFloats = _kernel.Rows * _kernel.Columns, rightPanels = GemmBlocking.DivideUp(window.Count, _kernel.Columns);
        float* source = _source + (nint)group * _geometry.Channels * _geometry.SourceHeight * _geometry.SourceWidth;
        for (int block = 0; block < _blocks; block++)
        {
            int channel = block * _geometry.ChannelsAtOnce, channels = Math.Min(_geometry.ChannelsAtOnce, _geometry.Channels - channel);
            int depth = channels * _geometry.Taps;
            window.Fill(source, _source, _sourceEnd, channel, channels);
            window.PackRight(depth, right, _kernel.Columns);
            for (int panel = firstPanel; panel < endPanel; panel++)
            {
                float* left = _left + (((nint)group * _blocks + block) * _panels + panel) * _panelFloats;
                int row = panel * _kernel.Rows, rows = Math.Min(_kernel.Rows, _rows - row);
                for (int p = 0; p < rightPanels; p++)
                {
                    float* tile = _blocks == 1 ? sums : sums + ((nint)(panel - firstPanel) * rightPanels + p) * tileFloats;
                    int column = p * _kernel.Columns, columns = Math.Min(_kernel.Columns, window.Count - column);
                    _kernel.Multiply(left, right + (nint)p * _kernel.RightPanel(depth), depth, tile, _kernel.Columns, block > 0, rows, columns);
                    if (block == _blocks - 1) Store(tile, group * _rows + row, rows, window.First + column, columns);
                }
            }
        }
    }

    /// <summary>Finishes a tile and spreads its columns over the images that they belong to.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private void Store(float* tile, int row, int rows, int first, int columns)
    {
        int plane = _target.Height * _target.Width;
        int image = first / _geometry.GridSize, pixel = first % _geometry.GridSize;
        float* bias = _bias == null ? null : _bias + row;
        bool dense = _target.StepX == 1 && _target.StepY == 1;
        float* result = _result + ((nint)image * _groups * _rows + row) * plane;
        if (dense && columns == _kernel.Columns && pixel + columns <= plane)
        {
            _kernel.Finish(tile, rows, bias, null, _relu, result + pixel, plane);
            return;
        }
        _kernel.Finish(tile, rows, bias, null, _relu, tile, _kernel.Columns);
        for (int column = 0; column < columns; pixel = 0, result += (nint)_groups * _rows * plane)
        {
            int run = Math.Min(columns - column, _geometry.GridSize - pixel);
            if (dense)
                for (int r = 0; r < rows; r++)
                {
                    float* from = tile + r * _kernel.Columns + column;
                    float* to = result + (nint)r * plane + pixel;
                    for (int i = 0; i < run; i++) to[i] = from[i];
                }
            else
                for (int i = 0; i < run; i++)
                {
                    int y = (pixel + i) / _geometry.GridWidth, x = (pixel + i) % _geometry.GridWidth;
                    float* from = tile + column + i;
                    float* to = result + (y * _target.StepY + _target.FirstY) * _target.Width + x * _target.StepX + _target.FirstX;
                    for (int r = 0; r < rows; r++, from += _kernel.Columns, to += plane) *to = *from;
                }
            column += run;
        }
    }
}
