using System.Diagnostics;

namespace Cortado.OpenCL.Operators;

/// <summary>
/// Looks for the fastest numbers round by round: each round's candidates differ from the best so far in something else. What computes wrong
/// never wins, however fast it is.
/// </summary>
internal sealed class TuningSearch<T> where T : struct, IEquatable<T>
{
    // Less is noise.
    private const double WorthChanging = 1.02;

    private const int Defences = 3;

    private readonly IReadOnlyList<Func<T, IEnumerable<T>>> _rounds;
    private readonly Func<T, bool> _usable;
    private readonly Func<T, (double FlopsPerSecond, string? Problem)> _measure;
    private readonly T _start;
    private readonly HashSet<T> _tried = new();
    private Action<Step>? _progress;
    private int _count;

    /// <summary>Describes a search.</summary>
    /// <param name="start">The numbers in use before; measured first.</param>
    /// <param name="rounds">What each round tries, given the best so far.</param>
    /// <param name="usable">Whether the device can run a candidate at all.</param>
    /// <param name="measure">A candidate's speed in operations per second, or why it will not do.</param>
    public TuningSearch(T start, IReadOnlyList<Func<T, IEnumerable<T>>> rounds, Func<T, bool> usable, Func<T, (double FlopsPerSecond, string? Problem)> measure)
    {
        _start = Best = start;
        _rounds = rounds;
        _usable = usable;
        _measure = measure;
    }

    /// <summary>A candidate that was tried.</summary>
    public readonly record struct Step(T Candidate, int Tried, int Count, double FlopsPerSecond, string? Problem, bool IsBest);

    /// <summary>The fastest so far.</summary>
    public T Best { get; private set; }

    /// <summary>Its speed; 0 where not even what was in use will do.</summary>
    public double BestFlops { get; private set; }

    /// <summary>The speed of what was in use before.</summary>
    public double StartFlops { get; private set; }

    /// <summary>Whether all candidates were tried.</summary>
    public bool Complete { get; private set; }

    /// <summary>Searches until all is tried or the time is up, which is looked at between candidates.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public void Run(TimeSpan? budget, Action<Step>? progress, CancellationToken cancel)
    {
        _progress = progress;
        _count = 1;
        foreach (Func<T, IEnumerable<T>> round in _rounds)
            foreach (T candidate in round(_start)) _count += _usable(candidate) && !candidate.Equals(_start) ? 1 : 0;
        long start = Stopwatch.GetTimestamp();
        cancel.ThrowIfCancellationRequested();
        Try(_start);
        StartFlops = BestFlops;
        if (BestFlops == 0) return;
        Complete = TryRounds(start, budget, cancel);
        Compare();
    }

    private bool TryRounds(long start, TimeSpan? budget, CancellationToken cancel)
    {
        foreach (Func<T, IEnumerable<T>> round in _rounds)
        {
            foreach (T candidate in new List<T>(round(Best)))
            {
                if (!_usable(candidate) || _tried.Contains(candidate)) continue;
                cancel.ThrowIfCancellationRequested();
                if (budget is { } most && (Stopwatch.GetTimestamp() - start) / (double)Stopwatch.Frequency >= most.TotalSeconds) return false;
                Try(candidate);
            }
        }
        return true;
    }

    // The machine may have been busy at the beginning and idle at the end: the winner must beat what was in use side by side.
    private void Compare()
    {
        if (Best.Equals(_start))
        {
            StartFlops = BestFlops;
            return;
        }
        double best = 0;
        for (int i = 0; i < Defences; i++)
        {
            StartFlops = Math.Max(StartFlops, _measure(_start).FlopsPerSecond);
            best = Math.Max(best, _measure(Best).FlopsPerSecond);
        }
        BestFlops = Math.Max(BestFlops, best);
        if (BestFlops > StartFlops * WorthChanging) return;
        (Best, BestFlops) = (_start, StartFlops);
    }

    private void Try(T candidate)
    {
        _tried.Add(candidate);
        (double flops, string? problem) = _measure(candidate);
        bool wins = problem == null && flops > BestFlops * WorthChanging;
        // Other work on the machine makes anything look slower, never faster: who holds the place may show again what it can do.
        for (int i = 0; wins && BestFlops > 0 && i < Defences; i++)
        {
            BestFlops = Math.Max(BestFlops, _measure(Best).FlopsPerSecond);
            wins = flops > BestFlops * WorthChanging;
        }
        if (wins) (Best, BestFlops) = (candidate, flops);
        _progress?.Invoke(new Step(candidate, _tried.Count, Math.Max(_count, _tried.Count), flops, problem, wins));
    }
}
