using Cortado.OpenCL.Runtime;
using Cortado.Tensors;

namespace Cortado.OpenCL.Operators;

/// <summary>
/// The gradient of a convolution's weights on CPU devices by Winograd's tiles: for each point the product of the transformed source and the
/// transformed gradient of the output, summed over all tiles, and one transformation back at the end.
/// </summary>
/// <remarks>
/// The tiles are taken in chunks whose transformed values stay in the last-level cache. Chunks depend on the shape alone, and sums run along them in order.
/// </remarks>
internal sealed class WinogradWeightGradient : IConvolutionWeightGradient
{
    private const int ChunkFloats = 4 << 20, WindowTiles = 64, MostDepth = 512;

    private readonly OpenClBackend _backend;
    private readonly ThreadKernel _source, _result, _multiply, _finish;
    private readonly DeviceTable _sourceOffsets, _resultOffsets;
    private readonly PanelConvolution _sourcePlan, _resultPlan;
    private readonly int _tiles, _chunk, _points;
    private readonly long _leftFloats, _rightFloats, _sumFloats;

    public WinogradWeightGradient(OpenClBackend backend, PanelTuning tuning, ConvolutionGeometry geometry, WinogradTile tile)
    {
        _backend = backend;
        _points = tile.Points;
        ConvolutionGeometry inputs = tile.Inputs(geometry), results = tile.OutputDiffs(geometry);
        _tiles = inputs.Pixels;
        int threads = backend.Device.ComputeUnits, panels = PanelTuning.DivideUp(geometry.Channels, tuning.Rows);
        int rightPanels = PanelTuning.DivideUp(geometry.Rows, tuning.Columns), groups = geometry.Groups;
        int fits = Math.Min(MostDepth, ChunkFloats / (groups * tile.Points * (panels * tuning.Rows + rightPanels * tuning.Columns)));
        int chunks = PanelTuning.DivideUp(_tiles, Math.Max(WindowTiles, fits));
        _chunk = PanelTuning.RoundUp(PanelTuning.DivideUp(_tiles, chunks), tuning.Width);

        var source = new PanelConvolution(inputs) { Panels = panels, RightPanels = rightPanels, Window = WindowTiles, ChannelsAtOnce = tuning.Rows };
        source.RowsAt = source.PlanWindow(tuning);
        source.LaneFloats = checked(source.RowsAt + tile.Points * tuning.Width);
        var result = new PanelConvolution(results) { Panels = panels, RightPanels = rightPanels, Window = WindowTiles, ChannelsAtOnce = tuning.Width };
        result.RowsAt = result.PlanWindow(tuning);
        result.RightAt = checked(result.RowsAt + tile.Points * tuning.Width);
        result.LaneFloats = checked(result.RightAt + tile.Points * tuning.Width * tuning.Width);
        (_sourcePlan, _resultPlan) = (source, result);
        backend.ThreadRooms.Reserve((long)threads * Math.Max(source.LaneFloats, result.LaneFloats) * sizeof(float));

        _leftFloats = (long)groups * tile.Points * panels * tuning.LeftPanel(_chunk);
        _rightFloats = (long)groups * tile.Points * rightPanels * tuning.RightPanel(_chunk);
        _sumFloats = (long)groups * tile.Points * panels * rightPanels * tuning.Tile;
        backend.Workspace.Reserve((_leftFloats + _rightFloats + _sumFloats) * sizeof(float));
        _sourceOffsets = source.MakeOffsets(backend, inputs);
        _resultOffsets = result.MakeOffsets(backend, results);
        _source = new ThreadKernel(backend, "winograd_cpu.cl", tuning, "winograd_gradient_source", tile.CompileOptions);
        _result = new ThreadKernel(backend, "winograd_cpu.cl", tuning, "winograd_gradient_result", tile.CompileOptions);
        _multiply = new ThreadKernel(backend, "winograd_cpu.cl", tuning, "winograd_gradient_multiply", tile.CompileOptions);
        _finish = new ThreadKernel(backend, "winograd_cpu.cl", tuning, "winograd_gradient_finish", tile.CompileOptions);
    }

    public void Run(DeviceBuffer source, DeviceBuffer outputDiff, DeviceBuffer weightsDiff)
    {
        if (_tiles == 0) return;
        PanelConvolution plan = _sourcePlan;
        DeviceMemory memory = _backend.Workspace.Memory, rooms = _backend.ThreadRooms.Memory;
        ulong right = (ulong)_leftFloats, sums = (ulong)(_leftFloats + _rightFloats);
        for (int first = 0; first < _tiles; first += _chunk)
        {
            int depth = Math.Min(_chunk, _tiles - first);
            _source.Kernel.Read(source).Memory(memory).Memory(rooms).Memory(_sourceOffsets.Memory).Memory(_source.Counters).Value(plan).Number(first).Number(depth);
            _source.Run(plan.Groups * plan.Panels);
            _result.Kernel.Read(outputDiff).Memory(memory).Number(right).Memory(rooms).Memory(_resultOffsets.Memory).Memory(_result.Counters).Value(_resultPlan)
                .Number(first).Number(depth);
            _result.Run(plan.Groups * plan.RightPanels);
            _multiply.Kernel.Memory(memory).Number(right).Number(sums).Memory(_multiply.Counters).Value(plan).Number(depth).Number(first > 0 ? 1 : 0);
            _multiply.Run(plan.Groups * _points);
        }
        _finish.Kernel.Memory(memory).Number(sums).Update(weightsDiff).Memory(_finish.Counters).Value(plan);
        _finish.Run(plan.Groups * plan.Panels * plan.RightPanels);
    }

    public void Dispose()
    {
        _source.Dispose();
        _result.Dispose();
        _multiply.Dispose();
        _finish.Dispose();
        _sourceOffsets.Dispose();
        _resultOffsets.Dispose();
    }
}
