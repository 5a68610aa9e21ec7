using Cortado.OpenCL.Runtime;

namespace Cortado.OpenCL.Operators;

/// <summary>As in convolution_cpu.cl: a convolution, its cuts and a thread's room, passed to its kernels by value.</summary>
internal struct PanelConvolution
{
    /// <summary>Floats before and behind the planes that a vector may touch without using them.</summary>
    private const int Slack = 32;

    public int Batch, Channels, SourceHeight, SourceWidth, ImageStride, SourceCount;
    public int GridHeight, GridWidth, StepY, StepX, OriginY, OriginX, ReachY, ReachX, Taps;
    public int SubWidth, RowPitch, RightPad, PlanePitch, ChannelsAtOnce;
    public int Groups, Rows, Panels, Blocks, Window, Windows, RowBlock, RowBlocks, Tasks;
    public int ResultHeight, ResultWidth, ResultStepY, ResultStepX, ResultFirstY, ResultFirstX;
    public int RightPanels, Slices, SlicePixels, PanelsAtOnce;
    public int LaneFloats, RunsAt, RightAt, LeftAt, SumsAt;
    public int Relu;
    public int PlacesAt, RowsAt;

    /// <summary>The shapes; cuts and room are to follow.</summary>
    public PanelConvolution(ConvolutionGeometry g) : this()
    {
        Batch = g.Batch;
        Channels = g.Channels;
        SourceHeight = g.SourceHeight;
        SourceWidth = g.SourceWidth;
        ImageStride = g.Groups * g.Channels * g.SourceHeight * g.SourceWidth;
        SourceCount = g.SourceCount;
        GridHeight = g.GridHeight;
        GridWidth = g.GridWidth;
        StepY = g.StepY;
        StepX = g.StepX;
        OriginY = Least(g.TapsY);
        OriginX = Least(g.TapsX);
        ReachY = -Least(Negative(g.TapsY)) - OriginY;
        ReachX = -Least(Negative(g.TapsX)) - OriginX;
        Taps = g.Taps;
        SubWidth = ((g.GridWidth - 1) * g.StepX + ReachX + 1 + g.StepX - 1) / g.StepX;
        RowPitch = SubWidth * g.StepX;
        if (StepX == 1)
        {
            // What a row needs beyond the image on one side can lie where the next row needs it on the other.
            RightPad = Math.Min(Math.Max(0, -OriginX), Math.Max(0, OriginX + RowPitch - SourceWidth));
            RowPitch -= RightPad;
        }
        Groups = g.Groups;
        Rows = g.Rows;
        ResultHeight = g.ResultHeight;
        ResultWidth = g.ResultWidth;
        ResultStepY = g.ResultStepY;
        ResultStepX = g.ResultStepX;
        ResultFirstY = g.ResultFirstY;
        ResultFirstX = g.ResultFirstX;
    }

    /// <summary>Lays out the planes and runs of a window; <see cref="Window"/> and <see cref="ChannelsAtOnce"/> are set. Returns where the room goes on.</summary>
    public int PlanWindow(PanelTuning tuning)
    {
        int grid = GridHeight * GridWidth, images = Math.Min(Batch, (Window + grid - 2) / grid + 1);
        int gridRows = Math.Min(images * GridHeight, (Window + GridWidth - 2) / GridWidth + 1);
        int planeRows = gridRows * StepY + images * Math.Max(0, ReachY + 1 - StepY);
        // An odd number of cache lines: planes a power of two apart would fight for the same cache sets.
        PlanePitch = checked((PanelTuning.DivideUp(planeRows * RowPitch + images * RightPad, 16) | 1) * 16);
        RunsAt = checked(ChannelsAtOnce * PlanePitch + 2 * Slack);
        return checked(RunsAt + PanelTuning.RoundUp(PanelTuning.DivideUp(Window, tuning.Width) * (2 * tuning.Width + 2), 16));
    }

    /// <summary>How far each row of the matrix, of the channels in work, lies from the grid position in the planes.</summary>
    public readonly DeviceTable MakeOffsets(OpenClBackend backend, ConvolutionGeometry g)
    {
        var offsets = new int[checked(ChannelsAtOnce * Taps)];
        for (int channel = 0; channel < ChannelsAtOnce; channel++)
            for (int tap = 0; tap < Taps; tap++)
            {
                int y = g.TapsY[tap] - OriginY, x = g.TapsX[tap] - OriginX;
                offsets[channel * Taps + tap] = checked(channel * PlanePitch + y * RowPitch + x % StepX * SubWidth + x / StepX);
            }
        return new DeviceTable(backend, offsets);
    }

    private static int Least(int[] values)
    {
        int least = values[0];
        foreach (int value in values) least = Math.Min(least, value);
        return least;
    }

    private static int[] Negative(int[] values)
    {
        var negative = new int[values.Length];
        for (int i = 0; i < values.Length; i++) negative[i] = -values[i];
        return negative;
    }
}
