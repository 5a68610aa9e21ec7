namespace Cortado.Nets;

/// <summary>What became of a layer when weights were loaded.</summary>
public enum WeightOutcome
{
    /// <summary>The file's weights are in the network.</summary>
    Loaded,

    /// <summary>The file has the layer and the network has not.</summary>
    NotInNetwork,

    /// <summary>The network has the layer and the file has not: it keeps its first weights.</summary>
    NotInFile,

    /// <summary>Both have it, with another number of blobs or another shape.</summary>
    OtherShape,
}

/// <summary>One layer's line of the report.</summary>
/// <param name="Layer">The layer's name.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="FileShapes">The shapes in the file; empty where the file has none.</param>
/// <param name="NetShapes">The shapes in the network; empty where the network has none.</param>
public sealed record WeightReportLine(string Layer, WeightOutcome Outcome, string FileShapes, string NetShapes);

/// <summary>What was loaded, skipped or did not fit. Layers without weights on either side are left out.</summary>
/// <param name="FileName">The weight file.</param>
/// <param name="Lines">A line a layer, in the file's order, then those that only the network has.</param>
public sealed record WeightReport(string FileName, IReadOnlyList<WeightReportLine> Lines)
{
    /// <summary>How many layers had an outcome.</summary>
    public int Count(WeightOutcome outcome)
    {
        int count = 0;
        foreach (WeightReportLine line in Lines)
            if (line.Outcome == outcome) count++;
        return count;
    }
}
