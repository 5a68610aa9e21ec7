namespace Cortado.Inference;

/// <summary>What one picture of a stream shows.</summary>
internal sealed class BackgroundResult
{
    private readonly ClassScore[] _best = new ClassScore[BackgroundClassifier.MaxTop];

    public int Count { get; private set; }

    public double Time { get; private set; }

    public long Number { get; private set; }

    public int Network { get; private set; }

    public TimeSpan Computing { get; private set; }

    public bool IsFull { get; set; }

    public ReadOnlySpan<ClassScore> Best => _best.AsSpan(0, Count);

    public void Fill(Classifier classifier, ReadOnlySpan<float> scores, int top, PixelFrame frame, int network, TimeSpan computing)
    {
        Count = classifier.Best(scores, _best.AsSpan(0, top));
        (Time, Number, Network, Computing, IsFull) = (frame.Time, frame.Number, network, computing, true);
    }
}

/// <summary>Which picture a result is about.</summary>
/// <param name="Count">How many classes were given.</param>
/// <param name="Time">What the picture was submitted with.</param>
/// <param name="Number">Counts submitted pictures from 1.</param>
/// <param name="Computing">Time that was computed for it.</param>
public readonly record struct BackgroundResultInfo(int Count, double Time, long Number, TimeSpan Computing);
