using Cortado.OpenCL.Runtime;
using Cortado.Tensors;

namespace Cortado.OpenCL.Operators;

/// <summary>weights * image matrix on CPU devices. Each sum runs along channels and taps in the same order and blocks, however the work is cut.</summary>
internal sealed class PanelConvolutionPass : IConvolutionPass
{
    private readonly OpenClBackend _backend;
    private readonly ConvolutionGeometry _geometry;
    private readonly ThreadKernel _pack, _multiply;
    private readonly DeviceTable _offsets, _taps;
    private readonly DeviceMemory? _frozen;
    private readonly PanelConvolution _plan;
    private readonly bool _covers, _tapsTogether;
    private bool _packed;

    public PanelConvolutionPass(OpenClBackend backend, PanelTuning tuning, ConvolutionGeometry geometry, bool frozen)
    {
        _backend = backend;
        _geometry = geometry;
        _tapsTogether = true;
        for (int tap = 1; tap < geometry.Taps; tap++) _tapsTogether &= geometry.WeightTaps[tap] == geometry.WeightTaps[0] + tap;
        _covers = geometry.ResultStepY == 1 && geometry.ResultStepX == 1;
        int threads = backend.Device.ComputeUnits, wanted = threads == 1 ? 1 : 4 * threads, pixels = geometry.Pixels;
        var plan = new PanelConvolution(geometry) { ChannelsAtOnce = tuning.ChannelsAtOnce(geometry.Channels, geometry.Taps) };
        int depth = plan.ChannelsAtOnce * plan.Taps;
        plan.Panels = PanelTuning.DivideUp(plan.Rows, tuning.Rows);
        plan.Blocks = PanelTuning.DivideUp(plan.Channels, plan.ChannelsAtOnce);
        plan.Window = tuning.BlockColumns(depth, pixels);
        while (plan.Window > tuning.Columns && plan.Groups * PanelTuning.DivideUp(pixels, plan.Window) < wanted) plan.Window -= tuning.Columns;
        plan.Windows = PanelTuning.DivideUp(pixels, plan.Window);
        // Each block of rows packs the pixels anew, so rows are cut only where there are too few pixels to go round.
        int shares = plan.Groups * plan.Windows >= wanted ? 1 : PanelTuning.DivideUp(2 * threads, plan.Groups * plan.Windows);
        plan.RowBlock = PanelTuning.DivideUp(plan.Panels, Math.Min(plan.Panels, Math.Max(1, shares)));
        plan.RowBlocks = PanelTuning.DivideUp(plan.Panels, plan.RowBlock);
        plan.Tasks = checked(plan.Groups * plan.Windows * plan.RowBlocks);
        int sums = tuning.Tile * (plan.Blocks == 1 ? 1 : plan.RowBlock * (plan.Window / tuning.Columns));
        plan.RightAt = plan.PlanWindow(tuning);
        plan.SumsAt = checked(plan.RightAt + plan.Window / tuning.Columns * tuning.RightPanel(depth));
        // The packing of the weights needs a line of them.
        plan.LaneFloats = PanelTuning.RoundUp(checked(plan.SumsAt + Math.Max(sums, 2 * tuning.Width)), 16);
        _plan = plan;

        long packed = (long)plan.Groups * plan.Blocks * plan.Panels * tuning.LeftPanel(depth) * sizeof(float);
        if (frozen) _frozen = new DeviceMemory(backend, packed);
        else backend.Workspace.Reserve(packed);
        backend.ThreadRooms.Reserve((long)threads * plan.LaneFloats * sizeof(float));
        _offsets = plan.MakeOffsets(backend, geometry);
        _taps = new DeviceTable(backend, geometry.WeightTaps);
        _pack = new ThreadKernel(backend, "convolution_cpu.cl", tuning, "convolution_pack_weights");
        _multiply = new ThreadKernel(backend, "convolution_cpu.cl", tuning, "convolution_pass");
    }

    public void WeightsChanged() => _packed = false;

    public void Run(DeviceBuffer source, DeviceBuffer weights, DeviceBuffer? bias, bool relu, DeviceBuffer result)
    {
        if (_plan.Tasks == 0) return;
        DeviceMemory panels = _frozen ?? _backend.Workspace.Memory;
        PanelConvolution plan = _plan;
        plan.Relu = relu ? 1 : 0;
        if (!_packed)
        {
            _pack.Kernel.Read(weights).Memory(_taps.Memory).Memory(panels).Memory(_backend.ThreadRooms.Memory).Memory(_pack.Counters).Value(plan)
                .Number(_geometry.WeightGroup).Number(_geometry.WeightRow).Number(_geometry.WeightChannel).Number(_tapsTogether ? 1 : 0);
            _pack.Run(plan.Groups * plan.Blocks * plan.Panels);
            _packed = _frozen != null;
        }
        _multiply.Kernel.Read(source).Memory(panels).Read(bias);
        if (_covers) _multiply.Kernel.Write(result);
        else _multiply.Kernel.Update(result);
        _multiply.Kernel.Memory(_backend.ThreadRooms.Memory).Memory(_offsets.Memory).Memory(_multiply.Counters).Value(plan);
        _multiply.Run(plan.Tasks);
    }

    public void Dispose()
    {
        _pack.Dispose();
        _multiply.Dispose();
        _offsets.Dispose();
        _taps.Dispose();
        _frozen?.Dispose();
    }
}
