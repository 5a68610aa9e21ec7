namespace Cortado.OpenCL.Operators;

/// <summary>What tuning tries on CPU devices.</summary>
internal static class PanelCandidates
{
    /// <summary>The tile, then the depth of products, of convolutions, then the block.</summary>
    public static readonly IReadOnlyList<Func<PanelTuning, IEnumerable<PanelTuning>>> Rounds = new Func<PanelTuning, IEnumerable<PanelTuning>>[]
    {
        Tiles,
        best => Each(new[] { 192, 272, 384, 512 }, depth => best with { Depth = depth }),
        best => Each(new[] { 400, 544, 768, 1088, 1536 }, depth => best with { ConvolutionDepth = depth }),
        best => Each(new[] { 26, 52, 104, 160, 256 }, block => best with { Block = block * 1024 }),
    };

    private static IEnumerable<PanelTuning> Tiles(PanelTuning best)
    {
        foreach ((int rows, int width) in new[] { (12, 16), (14, 16), (10, 16), (8, 16), (6, 8), (5, 8), (4, 8), (4, 4), (3, 4) })
            yield return best with { Rows = rows, Width = width };
    }

    private static IEnumerable<PanelTuning> Each(int[] values, Func<int, PanelTuning> with)
    {
        foreach (int value in values) yield return with(value);
    }
}

/// <summary>What tuning tries on GPUs.</summary>
internal static class TileCandidates
{
    /// <summary>Tiles with their blocks, then the depth of a slab and their number, then how much is read at a time.</summary>
    public static readonly IReadOnlyList<Func<TileTuning, IEnumerable<TileTuning>>> Rounds = new Func<TileTuning, IEnumerable<TileTuning>>[] { Tiles, Slabs, Vectors };

    private static IEnumerable<TileTuning> Tiles(TileTuning best)
    {
        foreach ((int m, int n) in new[] { (32, 32), (32, 64), (64, 32), (64, 64), (64, 128), (128, 64), (128, 128), (128, 32) })
            foreach ((int workM, int workN) in new[] { (4, 4), (8, 4), (4, 8), (8, 8) })
                yield return best with { TileM = m, TileN = n, WorkM = workM, WorkN = workN };
    }

    private static IEnumerable<TileTuning> Slabs(TileTuning best)
    {
        foreach (int slabs in new[] { 1, 2 })
            foreach (int k in new[] { 8, 16, 32 }) yield return best with { TileK = k, Slabs = slabs };
    }

    private static IEnumerable<TileTuning> Vectors(TileTuning best)
    {
        foreach (int vector in new[] { 1, 2, 4, 8 }) yield return best with { Vector = vector };
    }
}
