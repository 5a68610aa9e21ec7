namespace Cortado.Layers;

/// <summary>How many bottom and top blobs a layer type takes.</summary>
/// <param name="MinBottom">At least so many bottoms.</param>
/// <param name="MaxBottom">At most so many bottoms.</param>
/// <param name="MinTop">At least so many tops.</param>
/// <param name="MaxTop">At most so many tops.</param>
/// <param name="SameNumber">Whether there must be as many tops as bottoms.</param>
public sealed record BlobCounts(int MinBottom, int MaxBottom, int MinTop, int MaxTop, bool SameNumber = false)
{
    /// <summary>No upper bound.</summary>
    public const int Any = int.MaxValue;

    /// <summary>One in, one out.</summary>
    public static readonly BlobCounts OneToOne = new(1, 1, 1, 1);

    /// <summary>Exactly so many bottoms and tops.</summary>
    public static BlobCounts Exactly(int bottom, int top) => new(bottom, bottom, top, top);
}
