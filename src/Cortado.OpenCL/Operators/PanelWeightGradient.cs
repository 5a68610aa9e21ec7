using Cortado.OpenCL.Runtime;
using Cortado.Tensors;

namespace Cortado.OpenCL.Operators;

/// <summary>
/// The gradient of a convolution's weights on CPU devices. The product is computed transposed: the rows of the image matrix are contiguous
/// along the pixels, so they make the left panels, a few at a time in the first-level cache; the output's gradient makes the right panels.
/// </summary>
/// <remarks>
/// The pixels are cut into slices whose number depends on the shape alone; each slice sums in order, and the slices are added in order.
/// </remarks>
internal sealed class PanelWeightGradient : IConvolutionWeightGradient
{
    private const int PanelsAtOnce = 4, WantedSlices = 8, MaxSliceFloats = 1 << 21;

    private readonly OpenClBackend _backend;
    private readonly ThreadKernel _multiply, _add;
    private readonly DeviceTable _offsets;
    private readonly PanelConvolution _plan;

    public PanelWeightGradient(OpenClBackend backend, PanelTuning tuning, ConvolutionGeometry geometry)
    {
        _backend = backend;
        var plan = new PanelConvolution(geometry) { ChannelsAtOnce = geometry.Channels, PanelsAtOnce = PanelsAtOnce };
        int pixels = geometry.Pixels, threads = backend.Device.ComputeUnits, wanted = threads == 1 ? 1 : 4 * threads;
        plan.Panels = PanelTuning.DivideUp(plan.Channels * plan.Taps, tuning.Rows);
        plan.RightPanels = PanelTuning.DivideUp(plan.Rows, tuning.Columns);
        int sliceFloats = checked(plan.Groups * plan.Panels * plan.RightPanels * tuning.Tile);
        plan.Window = BlockPixels(tuning, plan);
        int slices = Math.Min(PanelTuning.DivideUp(WantedSlices, plan.Groups), Math.Max(1, MaxSliceFloats / sliceFloats));
        plan.SlicePixels = PanelTuning.RoundUp(PanelTuning.DivideUp(pixels, slices), plan.Window);
        plan.Slices = PanelTuning.DivideUp(pixels, plan.SlicePixels);
        int shares = Math.Min(plan.Panels, Math.Max(1, PanelTuning.DivideUp(wanted, plan.Groups * plan.Slices)));
        plan.RowBlock = PanelTuning.DivideUp(plan.Panels, shares);
        plan.RowBlocks = PanelTuning.DivideUp(plan.Panels, plan.RowBlock);
        plan.Tasks = checked(plan.Groups * plan.Slices * plan.RowBlocks);
        plan.RightAt = plan.PlanWindow(tuning);
        plan.LeftAt = checked(plan.RightAt + plan.RightPanels * tuning.RightPanel(plan.Window));
        plan.LaneFloats = PanelTuning.RoundUp(checked(plan.LeftAt + PanelsAtOnce * tuning.LeftPanel(plan.Window)), 16);
        _plan = plan;
        backend.Workspace.Reserve((long)plan.Slices * sliceFloats * sizeof(float));
        backend.ThreadRooms.Reserve((long)threads * plan.LaneFloats * sizeof(float));
        _offsets = plan.MakeOffsets(backend, geometry);
        _multiply = new ThreadKernel(backend, "convolution_cpu.cl", tuning, "convolution_weight_gradient");
        _add = new ThreadKernel(backend, "convolution_cpu.cl", tuning, "convolution_add_slices");
    }

    public void Run(DeviceBuffer source, DeviceBuffer outputDiff, DeviceBuffer weightsDiff)
    {
        if (_plan.Tasks == 0) return;
        DeviceMemory sums = _backend.Workspace.Memory;
        _multiply.Kernel.Read(source).Read(outputDiff).Memory(sums).Memory(_backend.ThreadRooms.Memory).Memory(_offsets.Memory).Memory(_multiply.Counters).Value(_plan);
        _multiply.Run(_plan.Tasks);
        _add.Kernel.Memory(sums).Update(weightsDiff).Memory(_add.Counters).Value(_plan);
        _add.Run(_plan.Groups * _plan.Panels * _plan.RightPanels);
    }

    public void Dispose()
    {
        _multiply.Dispose();
        _add.Dispose();
        _offsets.Dispose();
    }

    private static int BlockPixels(PanelTuning tuning, PanelConvolution plan)
    {
        // The right panels of a block of pixels and the padded planes that it sees share the second level.
        int block = tuning.Block / (plan.RightPanels * tuning.Columns + plan.Channels * plan.StepY * plan.StepX);
        block = Math.Min(block, Math.Max(64, 2 * tuning.Depth)) / tuning.Width * tuning.Width;
        return Math.Max(4 * tuning.Width, block);
    }
}
