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
    private readonly object _lock = new();
    private Action<Step>? _progress;
    private int _count;
    private (T Numbers, double Flops) _best;
    private (double Seconds, int Count) _new;

    /// <summary>Describes a search.</summary>
    /// <param name="start">The numbers in use before; measured first.</param>
    /// <param name="rounds">What each round tries, given the best so far.</param>
    /// <param name="usable">Whether the device can run a candidate at all.</param>
    /// <param name="measure">A candidate's speed in operations per second, or why it will not do.</param>
    public TuningSearch(T start, IReadOnlyList<Func<T, IEnumerable<T>>> rounds, Func<T, bool> usable, Func<T, (double FlopsPerSecond, string? Problem)> measure)
    {
        _start = start;
        _best = (start, 0);
        _rounds = rounds;
        _usable = usable;
        _measure = measure;
        long begun = Stopwatch.GetTimestamp();
        Spent = () => (Stopwatch.GetTimestamp() - begun) / (double)Stopwatch.Frequency;
    }

    /// <summary>A candidate that was tried.</summary>
    public readonly record struct Step(T Candidate, int Tried, int Count, double FlopsPerSecond, string? Problem, bool IsBest);

    /// <summary>What counts against the budget, in seconds: by default what has passed since the search was made.</summary>
    public Func<double> Spent { get; init; }

    /// <summary>What an earlier search tried that was cut short: not tried again.</summary>
    public IEnumerable<T> TriedBefore { init => _tried.UnionWith(value); }

    /// <summary>The best of that search: tried once more, right after what is in use. Null for none.</summary>
    public T? Contender { get; init; }

    /// <summary>Told of a candidate that is about to be tried.</summary>
    public Action<T>? Beginning { get; init; }

    /// <summary>The fastest so far. Any thread may ask.</summary>
    public T Best => Snapshot.Numbers;

    /// <summary>Its speed; 0 where not even what was in use will do, or nothing is known yet.</summary>
    public double BestFlops => Snapshot.Flops;

    /// <summary>The speed of what was in use before.</summary>
    public double StartFlops { get; private set; }

    /// <summary>Whether the winner and what was in use before were measured side by side at the end: only then their speeds can be compared.</summary>
    public bool Compared { get; private set; }

    /// <summary>Whether all candidates were tried.</summary>
    public bool Complete { get; private set; }

    private (T Numbers, double Flops) Snapshot
    {
        get
        {
            lock (_lock) return _best;
        }
        set
        {
            lock (_lock) _best = value;
        }
    }

    /// <summary>Searches until all is tried or the time is up. No candidate is begun that would probably end after it: it is expected to take as long as those before it did.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public void Run(TimeSpan? budget, Action<Step>? progress, CancellationToken cancel)
    {
        _progress = progress;
        _count = 1;
        foreach (Func<T, IEnumerable<T>> round in _rounds)
            foreach (T candidate in round(_start)) _count += _usable(candidate) && !candidate.Equals(_start) ? 1 : 0;
        cancel.ThrowIfCancellationRequested();
        Try(_start);
        StartFlops = BestFlops;
        if (BestFlops == 0) return;
        if (Contender is { } contender && !contender.Equals(_start) && _usable(contender)) Try(contender);
        Complete = TryRounds(budget, cancel);
        Compare(cancel);
    }

    private bool TryRounds(TimeSpan? budget, CancellationToken cancel)
    {
        foreach (Func<T, IEnumerable<T>> round in _rounds)
        {
            foreach (T candidate in new List<T>(round(Best)))
            {
                if (!_usable(candidate) || _tried.Contains(candidate)) continue;
                cancel.ThrowIfCancellationRequested();
                double before = Spent();
                if (budget is { } most && before + Expected >= most.TotalSeconds) return false;
                Beginning?.Invoke(candidate);
                Try(candidate);
                _new = (_new.Seconds + Spent() - before, _new.Count + 1);
            }
        }
        return true;
    }

    // Seconds of a candidate. What was in use before may come from a cache, and says little.
    private double Expected => _new.Count == 0 ? 0 : _new.Seconds / _new.Count;

    // The machine may have been busy at the beginning and idle at the end: the winner must beat what was in use side by side.
    private void Compare(CancellationToken cancel)
    {
        if (Best.Equals(_start))
        {
            StartFlops = BestFlops;
            Compared = true;
            return;
        }
        double best = 0;
        for (int i = 0; i < Defences; i++)
        {
            cancel.ThrowIfCancellationRequested();
            StartFlops = Math.Max(StartFlops, _measure(_start).FlopsPerSecond);
            best = Math.Max(best, _measure(Best).FlopsPerSecond);
        }
        (T winner, double flops) = Snapshot;
        flops = Math.Max(flops, best);
        Snapshot = flops > StartFlops * WorthChanging ? (winner, flops) : (_start, StartFlops);
        Compared = true;
    }

    private void Try(T candidate)
    {
        _tried.Add(candidate);
        (double flops, string? problem) = _measure(candidate);
        (T best, double bestFlops) = Snapshot;
        bool wins = problem == null && flops > bestFlops * WorthChanging;
        // Other work on the machine makes anything look slower, never faster: who holds the place may show again what it can do.
        for (int i = 0; wins && bestFlops > 0 && i < Defences; i++)
        {
            bestFlops = Math.Max(bestFlops, _measure(best).FlopsPerSecond);
            wins = flops > bestFlops * WorthChanging;
        }
        Snapshot = wins ? (candidate, flops) : (best, bestFlops);
        _progress?.Invoke(new Step(candidate, _tried.Count, Math.Max(_count, _tried.Count), flops, problem, wins));
    }
}
