using System.Globalization;
using Cortado.OpenCL.Runtime;

namespace Cortado.OpenCL.Operators;

/// <summary>
/// The matrix products of CPU devices: the tile of sums that fits the registers, and the blocks that fit the caches.
/// </summary>
/// <param name="Rows">Rows of a tile.</param>
/// <param name="Width">Floats of a vector; a tile has two vectors of columns.</param>
/// <param name="Depth">The most steps of depth of a block of a plain product.</param>
/// <param name="ConvolutionDepth">The most steps of depth of a block of a convolution, whose sums take longer to put away.</param>
/// <param name="Block">Floats of a block that shall stay in a core's second-level cache.</param>
internal readonly record struct PanelTuning(int Rows, int Width, int Depth, int ConvolutionDepth, int Block) : IKernelTuning
{
    private static readonly string[] Names = { "ROWS", "WIDTH", "DEPTH", "CONVOLUTION_DEPTH", "BLOCK" };

    /// <summary>What does well on most CPUs of the device's vector width.</summary>
    public static PanelTuning Default(OpenClDevice device) => device.NativeFloatWidth switch
    {
        >= 16 => new PanelTuning(12, 16, 272, 1088, 104 * 1024),
        >= 8 => new PanelTuning(6, 8, 320, 1280, 52 * 1024),
        // Four floats are NEON, with 32 registers, or SSE.
        _ => new PanelTuning(4, 4, 320, 1280, 52 * 1024),
    };

    public string CompileOptions => TuningOptions.Write((Names[0], Rows), (Names[1], Width), (Names[2], Depth), (Names[3], ConvolutionDepth), (Names[4], Block));

    /// <summary>Columns of a tile.</summary>
    public int Columns => 2 * Width;

    /// <summary>Floats of a tile.</summary>
    public int Tile => Rows * Columns;

    public static PanelTuning? Parse(string options)
    {
        Span<int> values = stackalloc int[5];
        return TuningOptions.TryRead(options, Names, values) ? new PanelTuning(values[0], values[1], values[2], values[3], values[4]) : null;
    }

    public string Describe() => string.Format(CultureInfo.InvariantCulture, "tiles of {0} x {1}, depth {2} ({3} in convolutions), blocks of {4} KiB",
        Rows, Columns, Depth, ConvolutionDepth, Block / 256);

    public string? Problem(OpenClDevice device)
    {
        if (Width is not (4 or 8 or 16)) return $"WIDTH is {Width}; expected 4, 8 or 16.";
        if (Rows < 1 || Rows > Width) return $"ROWS is {Rows}; expected 1 to WIDTH, which is {Width}.";
        if (Depth < Width || Depth > 8192 || ConvolutionDepth < Width || ConvolutionDepth > 8192) return $"DEPTH is {Depth}, CONVOLUTION_DEPTH {ConvolutionDepth}; expected {Width} to 8192.";
        return Block >= 4096 && Block <= 1 << 24 ? null : $"BLOCK is {Block}; expected 4096 to {1 << 24}.";
    }

    /// <summary>Floats of a left panel of so much depth.</summary>
    public int LeftPanel(int depth) => RoundUp(depth, Width) * Rows;

    /// <summary>Floats of a right panel of so much depth.</summary>
    public int RightPanel(int depth) => depth * Columns;

    /// <summary>Columns of a block of a depth: whole tiles, at least one, no more than there are.</summary>
    public int BlockColumns(int depth, int columns) => Math.Min(RoundUp(columns, Columns), Math.Max(1, Block / Math.Max(1, depth) / Columns) * Columns);

    /// <summary>The most channels of a convolution whose taps fit a block of depth.</summary>
    public int ChannelsAtOnce(int channels, int taps)
    {
        int most = Math.Max(1, ConvolutionDepth / taps);
        return DivideUp(channels, DivideUp(channels, most));
    }

    public static int RoundUp(int value, int unit) => (value + unit - 1) / unit * unit;

    public static int DivideUp(int value, int unit) => (value + unit - 1) / unit;
}
