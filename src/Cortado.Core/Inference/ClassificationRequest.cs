namespace Cortado.Inference;

/// <summary>One picture that is classified for itself and is never replaced by a newer one.</summary>
public sealed class ClassificationRequest
{
    private readonly ClassScore[] _best;
    private int _count;
    private volatile bool _done;

    /// <summary>Describes a request.</summary>
    /// <param name="rgba">4 x width x height bytes, row 0 the lowest. Not to be changed before the request is done.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="top">How many classes are wanted.</param>
    public ClassificationRequest(byte[] rgba, int width, int height, int top)
    {
        ThrowIf.Null(rgba, nameof(rgba));
        if (rgba.Length < 4L * width * height) throw new ArgumentException(FormattableString.Invariant($"{rgba.Length} bytes are too few for {width} x {height} pixels."), nameof(rgba));
        Frame.Fill(rgba, width, height, 0, 0);
        _best = new ClassScore[Math.Max(1, top)];
    }

    /// <summary>Whether it is done, well or not.</summary>
    public bool IsDone => _done;

    /// <summary>Why it failed; null where it did not.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>The best classes, best first.</summary>
    public ReadOnlySpan<ClassScore> Best => _best.AsSpan(0, _count);

    internal PixelFrame Frame { get; } = new();

    internal void Succeed(Classifier classifier)
    {
        _count = classifier.Best(classifier.Scores, _best);
        _done = true;
    }

    internal void Fail(Exception failure)
    {
        Failure = failure;
        _done = true;
    }
}
