namespace Cortado.Backends.Cpu;

/// <summary>How matrix products are cut to the caches.</summary>
internal sealed class GemmBlocking
{
    private readonly int _level2Floats;
    private readonly GemmKernel _kernel;

    public GemmBlocking(CacheSizes caches, GemmKernel kernel)
    {
        _kernel = kernel;
        _level2Floats = caches.Level2 / sizeof(float);
        // A right panel of this depth fills about as much of the first level as leaves room for two left panels.
        int level1Floats = caches.Level1 / sizeof(float);
        Depth = Math.Max(64, level1Floats / (kernel.Rows + kernel.Columns) / 16 * 16);
        ConvolutionDepth = 4 * Depth;
    }

    /// <summary>Depth of a block of a plain product.</summary>
    public int Depth { get; }

    /// <summary>
    /// The most depth of a block of a convolution. Its panels stream from the second level; a deeper block spares reading and
    /// writing the sums.
    /// </summary>
    public int ConvolutionDepth { get; }

    /// <summary>Floats of a block that shall stay in a core's second-level cache while it is worked on.</summary>
    public int BlockFloats => _level2Floats * 2 / 5;

    /// <summary>Columns of a block of a depth: whole tiles, at least one, no more than there are.</summary>
    public int BlockColumns(int depth, int columns) =>
        Math.Min(RoundUp(columns, _kernel.Columns), Math.Max(1, BlockFloats / Math.Max(1, depth) / _kernel.Columns) * _kernel.Columns);

    public static int RoundUp(int value, int unit) => (value + unit - 1) / unit * unit;

    public static int DivideUp(int value, int unit) => (value + unit - 1) / unit;
}
