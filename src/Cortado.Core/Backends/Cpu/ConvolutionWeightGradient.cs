using System.Runtime.CompilerServices;
using Cortado.Tensors;

namespace Cortado.Backends.Cpu;

/// <summary>
/// weightsDiff += outputDiff x image matrix, summed over every pixel of the batch, and the gradient of the bias. The product is
/// computed transposed: the rows of the image matrix are contiguous along the pixels, so they make the left panels, a panel at a
/// time in the first-level cache; the output's gradient makes the right panels.
/// </summary>
/// <remarks>
/// The pixels are cut into slices whose number depends on the shape alone; each slice sums in order, and the slices
/// are added in order. So the result does not depend on the number of threads.
/// </remarks>
internal sealed unsafe class ConvolutionWeightGradient : LaneTasks, IDisposable
{
    private const int MultiplyPhase = 0, AddPhase = 1, BiasPhase = 2;
    private const int PanelsAtOnce = 4, AddedAtOnce = 8, WantedSlices = 8, MaxSliceFloats = 1 << 21;

    private readonly CpuBackend _backend;
    private readonly GemmKernel _kernel;
    private readonly Im2colGeometry _geometry;
    private readonly int _groups, _columns, _matrixRows, _leftPanels, _rightPanels;
    private readonly int _slices, _slicePixels, _block, _rowBlock, _rowBlocks;
    private readonly int _windowFloats, _rightFloats, _tileFloats;
    private float* _source, _sourceEnd, _outputDiff, _outputDiffEnd, _weightsDiff, _biasDiff;

    /// <summary>Prepares the gradient.</summary>
    /// <param name="backend">Whose threads and room to use.</param>
    /// <param name="geometry">The image matrix of one group of the forward pass, all channels at once; owned from here on.</param>
    /// <param name="groups">Groups.</param>
    /// <param name="outputs">Output channels of one group.</param>
    public ConvolutionWeightGradient(CpuBackend backend, Im2colGeometry geometry, int groups, int outputs)
    {
        _backend = backend;
        _kernel = backend.Kernels.Gemm;
        _geometry = geometry;
        _groups = groups;
        _columns = outputs;
        _matrixRows = checked(geometry.Channels * geometry.Taps);
        _leftPanels = GemmBlocking.DivideUp(_matrixRows, _kernel.Rows);
        _rightPanels = GemmBlocking.DivideUp(outputs, _kernel.Columns);
        _tileFloats = _kernel.Rows * _kernel.Columns;
        int sliceFloats = checked(groups * _leftPanels * _rightPanels * _tileFloats);

        SetWork((double)groups * _matrixRows * outputs * geometry.Pixels);
        int pixels = geometry.Pixels;
        _block = Block(backend.Blocking);
        int slices = Math.Min(GemmBlocking.DivideUp(WantedSlices, groups), Math.Max(1, MaxSliceFloats / sliceFloats));
        _slicePixels = GemmBlocking.RoundUp(GemmBlocking.DivideUp(pixels, slices), _block);
        _slices = GemmBlocking.DivideUp(pixels, _slicePixels);
        int threads = backend.Workers.Count, wanted = threads == 1 ? 1 : 4 * threads;
        int shares = Math.Min(_leftPanels, Math.Max(1, GemmBlocking.DivideUp(wanted, groups * _slices)));
        _rowBlock = GemmBlocking.DivideUp(_leftPanels, shares);
        _rowBlocks = GemmBlocking.DivideUp(_leftPanels, _rowBlock);

        geometry.Plan(_block);
        _windowFloats = Im2colWindow.LaneFloats(geometry, backend.Kernels.Pack);
        _rightFloats = _rightPanels * _kernel.RightPanel(_block);
        int laneFloats = checked(_windowFloats + _rightFloats + PanelsAtOnce * _kernel.LeftPanel(_block));
        backend.Workspace.Reserve(Math.Max(laneFloats, AddedAtOnce * _tileFloats), checked(_slices * sliceFloats));
    }

    /// <summary>Adds the gradients to what weightsDiff and biasDiff hold; either may be null.</summary>
    public void Run(float* source, float* outputDiff, float* weightsDiff, float* biasDiff)
    {
        if (_geometry.Pixels == 0) return;
        _source = source;
        _sourceEnd = source + (nint)_geometry.Batch * _geometry.ImageStride;
        _outputDiff = outputDiff;
        _outputDiffEnd = outputDiff + (nint)_geometry.Pixels * _groups * _columns;
        _weightsDiff = weightsDiff;
        _biasDiff = biasDiff;
        if (weightsDiff != null)
        {
            RunTasks(_backend.Workers, MultiplyPhase, _groups * _slices * _rowBlocks);
            RunTasks(_backend.Workers, AddPhase, _groups * GemmBlocking.DivideUp(_leftPanels, AddedAtOnce));
        }
        if (biasDiff != null) RunTasks(_backend.Workers, BiasPhase, _groups * _columns);
    }

    public void Dispose() => _geometry.Dispose();

    protected override void RunTask(int phase, int task, int lane)
    {
        if (phase == MultiplyPhase) Multiply(task, lane);
        else if (phase == AddPhase) Add(task, lane);
        else SumBias(task);
    }

    private int Block(GemmBlocking blocking)
    {
        // The right panels of a block of pixels and the padded planes that it sees share the second level.
        int planeFloatsPerPixel = _geometry.Channels * _geometry.StepY * _geometry.StepX;
        int block = blocking.BlockFloats / (_rightPanels * _kernel.Columns + planeFloatsPerPixel);
        block = Math.Min(block, Math.Max(64, 2 * blocking.Depth)) / GemmKernel.DepthGroup * GemmKernel.DepthGroup;
        return Math.Max(4 * GemmKernel.DepthGroup, block);
    }

    [MethodImpl(KernelCode.Optimized)]
    private void Multiply(int task, int lane)
    {
        int rowBlock = task % _rowBlocks, slice = task / _rowBlocks % _slices, group = task / _rowBlocks / _slices;
        int firstPanel = rowBlock * _rowBlock, endPanel = Math.Min(_leftPanels, firstPanel + _rowBlock);
        int firstRow = firstPanel * _kernel.Rows, endRow = Math.Min(_matrixRows, endPanel * _kernel.Rows);
        int firstChannel = firstRow / _geometry.Taps, endChannel = (endRow - 1) / _geometry.Taps + 1;
        float* room = _backend.Workspace.Lane(lane);
        float* right = room + _windowFloats;
        float* left = right + _rightFloats;
        float* sums = _backend.Workspace.Shared + ((nint)slice * _groups + group) * _leftPanels * _rightPanels * _tileFloats;
        float* source = _source + (nint)group * _geometry.Channels * _geometry.SourceHeight * _geometry.SourceWidth;
        var window = new Im2colWindow(_geometry, _backend.Kernels.Pack, room);
        int begin = slice * _slicePixels, end = Math.Min(_geometry.Pixels, begin + _slicePixels);
        for (int first = begin; first < end; first += _block)
        {
            int depth = Math.Min(_block, end - first);
            window.Set(first, depth);
            window.Fill(source, _source, _sourceEnd, firstChannel, endChannel - firstChannel);
            PackOutputDiff(group, first, depth, right);
            for (int panel = firstPanel; panel < endPanel; panel += PanelsAtOnce)
            {
                int row = panel * _kernel.Rows, rows = Math.Min(PanelsAtOnce * _kernel.Rows, endRow - row);
                window.PackLeft(row - firstChannel * _geometry.Taps, rows, left, _kernel.Rows, _kernel.LeftPanel(depth));
                float* tile = sums + (nint)panel * _rightPanels * _tileFloats;
                for (float* next = left; rows > 0; rows -= _kernel.Rows, next += _kernel.LeftPanel(depth))
                    for (int p = 0; p < _rightPanels; p++, tile += _tileFloats)
                        _kernel.Multiply(next, right + (nint)p * _kernel.RightPanel(depth), depth, tile, _kernel.Columns, first > begin,
                            Math.Min(rows, _kernel.Rows), _kernel.Columns);
            }
        }
    }

    [MethodImpl(KernelCode.Optimized)]
    private void PackOutputDiff(int group, int first, int depth, float* right)
    {
        int plane = _geometry.GridSize, panelColumns = _kernel.Columns;
        int image = first / plane, pixel = first % plane;
        for (int step = 0; step < depth; image++, pixel = 0)
        {
            int run = Math.Min(depth - step, plane - pixel);
            for (int p = 0; p < _rightPanels; p++)
            {
                int column = p * panelColumns;
                float* from = _outputDiff + ((nint)image * _groups * _columns + group * _columns + column) * plane + pixel;
                PackKernel.RightFromColumns(from, plane, Math.Min(panelColumns, _columns - column), run,
                    right + (nint)p * _kernel.RightPanel(depth) + step * panelColumns, panelColumns, _outputDiffEnd);
            }
            step += run;
        }
    }

    /// <summary>
    /// Adds the slices' sums of some panels of rows, in order, and the total to the gradient. Several panels, because a
    /// column of one alone is less than a cache line of the gradient.
    /// </summary>
    [MethodImpl(KernelCode.Optimized)]
    private void Add(int task, int lane)
    {
        int tasks = GemmBlocking.DivideUp(_leftPanels, AddedAtOnce), group = task / tasks;
        int firstPanel = task % tasks * AddedAtOnce, endPanel = Math.Min(_leftPanels, firstPanel + AddedAtOnce);
        int firstRow = firstPanel * _kernel.Rows, rows = Math.Min(_matrixRows, endPanel * _kernel.Rows) - firstRow;
        nint sliceFloats = (nint)_groups * _leftPanels * _rightPanels * _tileFloats;
        float* transposed = _backend.Workspace.Lane(lane);
        for (int column = 0; column < _columns; column += _kernel.Columns)
        {
            int columns = Math.Min(_kernel.Columns, _columns - column);
            for (int panel = firstPanel; panel < endPanel; panel++)
            {
                float* tile = _backend.Workspace.Shared + (((nint)group * _leftPanels + panel) * _rightPanels + column / _kernel.Columns) * _tileFloats;
                for (int slice = 1; slice < _slices; slice++) _backend.Kernels.Pack.Add(tile + slice * sliceFloats, tile, _tileFloats);
                int row = (panel - firstPanel) * _kernel.Rows;
                PackKernel.TransposeTile(tile, _kernel.Columns, Math.Min(_kernel.Rows, rows - row), columns, transposed + row, AddedAtOnce * _kernel.Rows);
            }
            float* to = _weightsDiff + ((nint)group * _columns + column) * _matrixRows + firstRow;
            for (int c = 0; c < columns; c++, to += _matrixRows) _backend.Kernels.Pack.Add(transposed + c * AddedAtOnce * _kernel.Rows, to, rows);
        }
    }

    [MethodImpl(KernelCode.Optimized)]
    private void SumBias(int channel)
    {
        int plane = _geometry.GridSize;
        double sum = 0;
        for (int image = 0; image < _geometry.Batch; image++)
            sum += _backend.Kernels.Pack.Sum(_outputDiff + ((nint)image * _groups * _columns + channel) * plane, plane);
        _biasDiff[channel] += (float)sum;
    }
}
