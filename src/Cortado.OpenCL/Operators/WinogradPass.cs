using Cortado.OpenCL.Runtime;
using Cortado.Tensors;

namespace Cortado.OpenCL.Operators;

/// <summary>weights * image matrix on CPU devices by Winograd's tiles: the kernels of winograd_cpu.cl. Each sum runs along the channels, however the work is cut.</summary>
internal sealed class WinogradPass : IConvolutionPass
{
    private const int PlaneFloats = 16 * 1024;

    private readonly OpenClBackend _backend;
    private readonly ConvolutionGeometry _geometry;
    private readonly ThreadKernel _transform, _multiply;
    private readonly DeviceTable _offsets, _taps;
    private readonly DeviceMemory? _frozen;
    private readonly PanelConvolution _plan;
    private bool _transformed;

    public WinogradPass(OpenClBackend backend, PanelTuning tuning, ConvolutionGeometry geometry, WinogradTile tile, bool frozen)
    {
        _backend = backend;
        _geometry = geometry;
        ConvolutionGeometry inputs = tile.Inputs(geometry);
        int threads = backend.Device.ComputeUnits, wanted = threads == 1 ? 1 : 4 * threads, tiles = inputs.Pixels;
        var plan = new PanelConvolution(inputs);
        plan.Panels = PanelTuning.DivideUp(plan.Rows, tuning.Rows);
        plan.Window = tuning.BlockColumns(checked(tile.Points * plan.Channels), tiles);
        while (plan.Window > tuning.Columns && plan.Groups * PanelTuning.DivideUp(tiles, plan.Window) < wanted) plan.Window -= tuning.Columns;
        plan.Windows = PanelTuning.DivideUp(tiles, plan.Window);
        int shares = plan.Groups * plan.Windows >= wanted ? 1 : PanelTuning.DivideUp(2 * threads, plan.Groups * plan.Windows);
        plan.RowBlock = PanelTuning.DivideUp(plan.Panels, Math.Min(plan.Panels, Math.Max(1, shares)));
        plan.RowBlocks = PanelTuning.DivideUp(plan.Panels, plan.RowBlock);
        plan.Tasks = checked(plan.Groups * plan.Windows * plan.RowBlocks);
        plan.ChannelsAtOnce = 1;
        plan.PlanWindow(tuning);
        plan.ChannelsAtOnce = Math.Max(1, Math.Min(plan.Channels, PlaneFloats / plan.PlanePitch));
        plan.RowsAt = plan.PlanWindow(tuning);
        plan.PlacesAt = checked(plan.RowsAt + tile.Points * tuning.Width);
        plan.RightAt = checked(plan.PlacesAt + PanelTuning.RoundUp(3 * plan.Window, 16));
        plan.SumsAt = checked(plan.RightAt + plan.Window / tuning.Columns * tile.Points * tuning.RightPanel(plan.Channels));
        plan.LaneFloats = checked(plan.SumsAt + tile.Points * tuning.Tile);
        _plan = plan;

        long panels = (long)plan.Groups * plan.Panels * tile.Points * tuning.LeftPanel(plan.Channels) * sizeof(float);
        if (frozen) _frozen = new DeviceMemory(backend, panels);
        else backend.Workspace.Reserve(panels);
        backend.ThreadRooms.Reserve((long)threads * plan.LaneFloats * sizeof(float));
        _offsets = plan.MakeOffsets(backend, inputs);
        _taps = new DeviceTable(backend, WinogradTile.Places(geometry, tile.Taps)!);
        _transform = new ThreadKernel(backend, "winograd_cpu.cl", tuning, "winograd_weights", tile.CompileOptions);
        _multiply = new ThreadKernel(backend, "winograd_cpu.cl", tuning, "winograd_pass", tile.CompileOptions);
    }

    public void WeightsChanged() => _transformed = false;

    public void Run(DeviceBuffer source, DeviceBuffer weights, DeviceBuffer? bias, bool relu, DeviceBuffer result)
    {
        if (_plan.Tasks == 0) return;
        DeviceMemory panels = _frozen ?? _backend.Workspace.Memory;
        PanelConvolution plan = _plan;
        plan.Relu = relu ? 1 : 0;
        if (!_transformed)
        {
            _transform.Kernel.Read(weights).Memory(_taps.Memory).Memory(panels).Memory(_transform.Counters).Value(plan)
                .Number(_geometry.WeightGroup).Number(_geometry.WeightRow).Number(_geometry.WeightChannel);
            _transform.Run(plan.Groups * plan.Panels);
            _transformed = _frozen != null;
        }
        _multiply.Kernel.Read(source).Memory(panels).Read(bias).Write(result)
            .Memory(_backend.ThreadRooms.Memory).Memory(_offsets.Memory).Memory(_multiply.Counters).Value(plan);
        _multiply.Run(plan.Tasks);
    }

    public void Dispose()
    {
        _transform.Dispose();
        _multiply.Dispose();
        _offsets.Dispose();
        _taps.Dispose();
        _frozen?.Dispose();
    }
}
