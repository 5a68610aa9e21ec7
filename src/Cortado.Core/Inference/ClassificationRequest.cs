namespace Cortado.Inference;

/// <summary>One picture that is classified for itself and is never replaced by a newer one. One that is done may be filled again: its memory is used again.</summary>
public sealed class ClassificationRequest
{
    private ClassScore[] _best = Array.Empty<ClassScore>();
    private int _count;
    private volatile bool _done;

    /// <summary>A request without a picture: <see cref="Fill"/> it before it is submitted.</summary>
    public ClassificationRequest()
    {
    }

    /// <summary>A request for a picture.</summary>
    /// <param name="rgba">4 x width x height bytes, row 0 the lowest; copied.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="top">How many classes are wanted.</param>
    public ClassificationRequest(ReadOnlySpan<byte> rgba, int width, int height, int top) => Fill(rgba, width, height, top);

    /// <summary>Takes a picture. Not to be called between submitting the request and its end.</summary>
    /// <param name="rgba">4 x width x height bytes, row 0 the lowest; copied.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="top">How many classes are wanted.</param>
    public void Fill(ReadOnlySpan<byte> rgba, int width, int height, int top)
    {
        if (rgba.Length < 4L * width * height) throw new ArgumentException(FormattableString.Invariant($"{rgba.Length} bytes are too few for {width} x {height} pixels."), nameof(rgba));
        Frame.Fill(rgba, width, height, 0, 0);
        if (_best.Length != Math.Max(1, top)) _best = new ClassScore[Math.Max(1, top)];
        (_count, Failure, _done) = (0, null, false);
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
