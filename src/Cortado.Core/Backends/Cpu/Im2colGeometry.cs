using Cortado.Tensors;

namespace Cortado.Backends.Cpu;

/// <summary>
/// The image matrix of a convolution, which never lies in memory as a whole: a column for each position of a grid over all images
/// of the batch (a pixel), a row for each channel and tap of the kernel. Row (channel, tap), column (image, y, x) holds
/// source[image, channel, y * StepY + OriginY + tapY, x * StepX + OriginX + tapX], zero outside the image.
/// </summary>
/// <remarks>
/// The taps are a list rather than a kernel's extents, so that the gradient of the input is a convolution of the same kind: each
/// class of input positions modulo the stride sees its own taps, at step 1.
/// </remarks>
internal sealed unsafe class Im2colGeometry : IDisposable
{
    /// <summary>Floats before and after the planes that a vector may touch without using them.</summary>
    public const int Slack = 32;

    private readonly HostBuffer _offsets;

    /// <summary>Creates the geometry.</summary>
    public Im2colGeometry(int batch, int channels, int sourceHeight, int sourceWidth, int imageStride, int gridHeight, int gridWidth,
        int stepY, int stepX, int originY, int originX, int[] tapsY, int[] tapsX, int maxChannels)
    {
        Batch = batch;
        Channels = channels;
        SourceHeight = sourceHeight;
        SourceWidth = sourceWidth;
        ImageStride = imageStride;
        GridHeight = gridHeight;
        GridWidth = gridWidth;
        StepY = stepY;
        StepX = stepX;
        Taps = tapsY.Length;
        int minY = Min(tapsY), minX = Min(tapsX);
        OriginY = originY + minY;
        OriginX = originX + minX;
        ReachY = Max(tapsY) - minY;
        ReachX = Max(tapsX) - minX;
        SubWidth = ((gridWidth - 1) * stepX + ReachX + 1 + stepX - 1) / stepX;
        RowPitch = SubWidth * stepX;
        ChannelsAtOnce = Math.Min(channels, Math.Max(1, maxChannels));
        _offsets = new HostBuffer(ChannelsAtOnce * Taps);
        TapOffsets = new int[Taps];
        for (int tap = 0; tap < Taps; tap++)
        {
            int x = tapsX[tap] - minX;
            TapOffsets[tap] = (tapsY[tap] - minY) * RowPitch + x % stepX * SubWidth + x / stepX;
        }
    }

    public int Batch { get; }

    /// <summary>Channels of one group.</summary>
    public int Channels { get; }

    public int SourceHeight { get; }

    public int SourceWidth { get; }

    /// <summary>Floats from one image to the next, of all groups' channels.</summary>
    public int ImageStride { get; }

    public int GridHeight { get; }

    public int GridWidth { get; }

    public int StepY { get; }

    public int StepX { get; }

    /// <summary>The source row that grid row 0 meets with the topmost tap.</summary>
    public int OriginY { get; }

    /// <summary>The source column that grid column 0 meets with the leftmost tap.</summary>
    public int OriginX { get; }

    /// <summary>Source rows from the topmost tap to the lowest.</summary>
    public int ReachY { get; }

    /// <summary>Source columns from the leftmost tap to the rightmost.</summary>
    public int ReachX { get; }

    /// <summary>Taps of the kernel.</summary>
    public int Taps { get; }

    /// <summary>Pixels of one image.</summary>
    public int GridSize => GridHeight * GridWidth;

    /// <summary>Pixels of the batch: the columns of the image matrix.</summary>
    public int Pixels => Batch * GridSize;

    /// <summary>Columns of a padded row of one phase: a row is stored split by position modulo StepX, so that a tap's pixels are neighbours.</summary>
    public int SubWidth { get; }

    /// <summary>Floats of a padded row.</summary>
    public int RowPitch { get; }

    /// <summary>How many channels' planes are in work at a time.</summary>
    public int ChannelsAtOnce { get; }

    /// <summary>How far each tap lies from the grid position in a padded plane.</summary>
    public int[] TapOffsets { get; }

    /// <summary>Rows of the tallest padded plane of a window; set by <see cref="Plan"/>.</summary>
    public int PlaneRows { get; private set; }

    /// <summary>Floats from one channel's padded plane to the next; set by <see cref="Plan"/>.</summary>
    public int PlanePitch { get; private set; }

    /// <summary>Columns of the widest window; set by <see cref="Plan"/>.</summary>
    public int MaxWindow { get; private set; }

    /// <summary>Images that the widest window can touch; set by <see cref="Plan"/>.</summary>
    public int MaxImages { get; private set; }

    /// <summary>How far each row of the matrix, of the channels in work, lies from the grid position.</summary>
    public int* RowOffsets => (int*)_offsets.Pointer;

    /// <summary>Floats of the padded planes of a window, slack included.</summary>
    public int PlaneFloats => ChannelsAtOnce * PlanePitch + 2 * Slack;

    /// <summary>Fixes the widest window that will be asked for.</summary>
    public void Plan(int maxWindow)
    {
        MaxWindow = maxWindow;
        MaxImages = Math.Min(Batch, (maxWindow + GridSize - 2) / GridSize + 1);
        int gridRows = Math.Min(MaxImages * GridHeight, (maxWindow + GridWidth - 2) / GridWidth + 1);
        PlaneRows = gridRows * StepY + MaxImages * Math.Max(0, ReachY + 1 - StepY);
        // An odd number of cache lines: planes a power of two apart would fight for the same cache sets.
        PlanePitch = checked(((PlaneRows * RowPitch + 15) / 16 | 1) * 16);
        int* offset = RowOffsets;
        for (int channel = 0; channel < ChannelsAtOnce; channel++)
            foreach (int tap in TapOffsets) *offset++ = checked(channel * PlanePitch + tap);
    }

    public void Dispose() => _offsets.Dispose();

    private static int Min(int[] values)
    {
        int least = values[0];
        foreach (int value in values) least = Math.Min(least, value);
        return least;
    }

    private static int Max(int[] values)
    {
        int most = values[0];
        foreach (int value in values) most = Math.Max(most, value);
        return most;
    }
}
