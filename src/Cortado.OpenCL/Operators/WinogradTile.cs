using System.Globalization;
using Cortado.OpenCL.Runtime;

namespace Cortado.OpenCL.Operators;

/// <summary>
/// Winograd's tiles for a convolution: a tile of <see cref="In"/> x In inputs gives one of <see cref="Out"/> x Out outputs for In x In products
/// instead of Out x Out x Taps x Taps.
/// </summary>
/// <param name="In">Inputs of a tile along one side: 4, 5, 6 or 8. More would cost accuracy; 7 points are not symmetric and so no better than 8.</param>
/// <param name="Taps">Taps of the kernel along one side.</param>
internal readonly record struct WinogradTile(int In, int Taps)
{
    private const int LeastIn = 4, MostOut = 4, Large = 8, LeastChannels = 16, LeastChannelsOfLarge = 32, LeastTiles = 64;
    private const double LeastGain = 1.6;

    // A weight is read from memory in the time of about so many multiply-adds (two cores of a Zen 4: 116 G multiply-adds, 10 G floats a second).
    private const double ProductsInARead = 10;

    /// <summary>Outputs of a tile along one side.</summary>
    public int Out => In + 1 - Taps;

    /// <summary>Products of a tile.</summary>
    public int Points => In * In;

    /// <summary>What a kernel file needs to know beside its tuning.</summary>
    public string CompileOptions => string.Format(CultureInfo.InvariantCulture, " -D TILE_IN={0} -D TAPS={1}", In, Taps);

    /// <summary>The tile that needs the fewest products for a convolution, or null where it does not suit or gains little.</summary>
    public static WinogradTile? For(ConvolutionGeometry g) => Best(g, LeastTiles, int.MaxValue, 0);

    /// <summary>The same where there are only some tiles, which pays if the weights need not be transformed each time: reading those counts, too.</summary>
    public static WinogradTile? ForFew(ConvolutionGeometry g) => Best(g, 1, LeastTiles - 1, ProductsInARead);

    private static WinogradTile? Best(ConvolutionGeometry g, int leastTiles, int mostTiles, double productsInARead)
    {
        int taps = (int)Math.Round(Math.Sqrt(g.Taps));
        if (g.StepY != 1 || g.StepX != 1 || g.ResultStepY != 1 || g.ResultStepX != 1 || g.Channels < LeastChannels || g.Rows < LeastChannels) return null;
        if (taps is not (3 or 5) || taps * taps != g.Taps || Places(g, taps) == null) return null;
        WinogradTile? best = null;
        double least = (g.Pixels + productsInARead) * g.Taps, direct = g.Pixels * (double)g.Taps;
        for (int inputs = Math.Max(LeastIn, taps + 1); inputs <= taps + MostOut - 1; inputs++)
        {
            // Eight points lose two bits: where there is little to compute, six do.
            if (inputs == Large - 1 || (inputs == Large && Math.Min(g.Channels, g.Rows) < LeastChannelsOfLarge)) continue;
            var tile = new WinogradTile(inputs, taps);
            int tiles = tile.Count(g);
            double cost = (tiles + productsInARead) * tile.Points;
            if (tiles < leastTiles || tiles > mostTiles || tiles * (double)tile.Points * LeastGain > direct || cost >= least) continue;
            (best, least) = (tile, cost);
        }
        return best;
    }

    /// <summary>Tiles of a batch.</summary>
    public int Count(ConvolutionGeometry g) => checked(g.Batch * PanelTuning.DivideUp(g.GridHeight, Out) * PanelTuning.DivideUp(g.GridWidth, Out));

    /// <summary>The image matrix whose columns are tiles and whose rows are channels and the places in a tile.</summary>
    public ConvolutionGeometry Inputs(ConvolutionGeometry g) => Tiled(g, In, Least(g.TapsY), Least(g.TapsX));

    /// <summary>The same for tiles of the output's gradient: its columns are the same tiles.</summary>
    public ConvolutionGeometry OutputDiffs(ConvolutionGeometry g) => Tiled(g with
    {
        Channels = g.Rows,
        SourceHeight = g.ResultHeight,
        SourceWidth = g.ResultWidth,
    }, Out, 0, 0);

    /// <summary>Where the weights of a convolution's taps lie, in row-major order of the places that they meet; null where there is none for some place.</summary>
    public static int[]? Places(ConvolutionGeometry g, int taps)
    {
        var places = new int[taps * taps];
        var found = new bool[taps * taps];
        int firstY = Least(g.TapsY), firstX = Least(g.TapsX);
        for (int tap = 0; tap < g.Taps; tap++)
        {
            int y = g.TapsY[tap] - firstY, x = g.TapsX[tap] - firstX;
            if (y >= taps || x >= taps) return null;
            places[y * taps + x] = g.WeightTaps[tap];
            found[y * taps + x] = true;
        }
        return Array.IndexOf(found, false) < 0 ? places : null;
    }

    private ConvolutionGeometry Tiled(ConvolutionGeometry g, int size, int firstY, int firstX)
    {
        int[] y = new int[size * size], x = new int[size * size];
        for (int i = 0; i < y.Length; i++) (y[i], x[i]) = (firstY + i / size, firstX + i % size);
        return g with
        {
            GridHeight = PanelTuning.DivideUp(g.GridHeight, Out),
            GridWidth = PanelTuning.DivideUp(g.GridWidth, Out),
            StepY = Out,
            StepX = Out,
            TapsY = y,
            TapsX = x,
            WeightTaps = y,
        };
    }

    private static int Least(int[] values)
    {
        int least = values[0];
        foreach (int value in values) least = Math.Min(least, value);
        return least;
    }
}
