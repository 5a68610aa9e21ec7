using Cortado.OpenCL.Runtime;
using Cortado.Tensors;

namespace Cortado.OpenCL.Operators;

/// <summary>
/// weights * image matrix on CPU devices by Winograd's tiles, where there are few of those and the weights are frozen: the kernels of
/// winograd_few_cpu.cl. The transformed weights are kept, (In / Taps)^2 times as large as the weights.
/// </summary>
internal sealed class WinogradFewPass : IConvolutionPass
{
    private readonly OpenClBackend _backend;
    private readonly ConvolutionGeometry _geometry;
    private readonly ThreadKernel _transform, _tiles, _multiply;
    private readonly DeviceTable _taps;
    private readonly DeviceMemory _weights;
    private readonly FewTiles _plan;
    private bool _transformed;

    public WinogradFewPass(OpenClBackend backend, PanelTuning tuning, ConvolutionGeometry geometry, WinogradTile tile)
    {
        _backend = backend;
        _geometry = geometry;
        int tiles = tile.Count(geometry);
        var plan = new FewTiles(tile, geometry)
        {
            Panels = PanelTuning.DivideUp(tiles, tuning.Rows),
            RightPanels = PanelTuning.DivideUp(geometry.Rows, tuning.Columns),
        };
        // Tiles are dealt out evenly, so that no panel is nearly empty.
        tuning = tuning with { Rows = PanelTuning.DivideUp(tiles, plan.Panels) };
        int plane = geometry.ResultHeight * geometry.ResultWidth, sourcePlane = geometry.SourceHeight * geometry.SourceWidth;
        plan.ValuesAt = checked(tile.Points * tuning.Tile);
        plan.LaneFloats = checked(Math.Max(plan.ValuesAt + geometry.Batch * plane * tuning.Columns, (sourcePlane + tuning.Width) * tuning.Width));
        plan.LaneFloats = PanelTuning.RoundUp(plan.LaneFloats, 16);
        _plan = plan;

        _weights = new DeviceMemory(backend, (long)plan.Groups * plan.RightPanels * tile.Points * tuning.RightPanel(plan.Channels) * sizeof(float));
        backend.Workspace.Reserve((long)plan.Groups * plan.Panels * tile.Points * tuning.LeftPanel(plan.Channels) * sizeof(float));
        backend.ThreadRooms.Reserve((long)backend.Device.ComputeUnits * plan.LaneFloats * sizeof(float));
        _taps = new DeviceTable(backend, WinogradTile.Places(geometry, tile.Taps)!);
        _transform = new ThreadKernel(backend, "winograd_few_cpu.cl", tuning, "few_weights", tile.CompileOptions);
        _tiles = new ThreadKernel(backend, "winograd_few_cpu.cl", tuning, "few_tiles_of", tile.CompileOptions);
        _multiply = new ThreadKernel(backend, "winograd_few_cpu.cl", tuning, "few_multiply", tile.CompileOptions);
    }

    public void WeightsChanged() => _transformed = false;

    public void Run(DeviceBuffer source, DeviceBuffer weights, DeviceBuffer? bias, bool relu, DeviceBuffer result)
    {
        FewTiles plan = _plan;
        plan.Relu = relu ? 1 : 0;
        if (!_transformed)
        {
            _transform.Kernel.Read(weights).Memory(_taps.Memory).Memory(_weights).Memory(_transform.Counters).Value(plan)
                .Number(_geometry.WeightGroup).Number(_geometry.WeightRow).Number(_geometry.WeightChannel);
            _transform.Run(plan.Groups * plan.RightPanels * 2);
            _transformed = true;
        }
        DeviceMemory tiles = _backend.Workspace.Memory;
        _tiles.Kernel.Read(source).Memory(tiles).Memory(_backend.ThreadRooms.Memory).Memory(_tiles.Counters).Value(plan);
        _tiles.Run(plan.Groups * plan.Channels);
        _multiply.Kernel.Memory(tiles).Memory(_weights).Read(bias).Write(result).Memory(_backend.ThreadRooms.Memory).Memory(_multiply.Counters).Value(plan);
        _multiply.Run(plan.Groups * plan.RightPanels);
    }

    public void Dispose()
    {
        _transform.Dispose();
        _tiles.Dispose();
        _multiply.Dispose();
        _taps.Dispose();
        _weights.Dispose();
    }

    /// <summary>As few_tiles in winograd_few_cpu.cl.</summary>
    private struct FewTiles
    {
        public int Batch, Groups, Channels, Rows;
        public int SourceHeight, SourceWidth, OriginY, OriginX;
        public int GridHeight, GridWidth, Panels;
        public int RightPanels;
        public int ResultHeight, ResultWidth, Relu;
        public int LaneFloats, ValuesAt;

        public FewTiles(WinogradTile tile, ConvolutionGeometry g) : this()
        {
            ConvolutionGeometry inputs = tile.Inputs(g);
            Batch = g.Batch;
            Groups = g.Groups;
            Channels = g.Channels;
            Rows = g.Rows;
            SourceHeight = g.SourceHeight;
            SourceWidth = g.SourceWidth;
            // The first tap of a tile is its corner.
            OriginY = inputs.TapsY[0];
            OriginX = inputs.TapsX[0];
            GridHeight = inputs.GridHeight;
            GridWidth = inputs.GridWidth;
            ResultHeight = g.ResultHeight;
            ResultWidth = g.ResultWidth;
        }
    }
}
