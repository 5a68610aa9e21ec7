using System.Diagnostics;
using Cortado.OpenCL.Operators;
using Cortado.OpenCL.Runtime;

namespace Cortado.OpenCL;

/// <summary>
/// Looks for faster kernels while a network is in use, on a thread of the lowest priority with a queue of its own: one small piece of work at a time, then a pause nine times as long.
/// The network keeps the kernels that it has; the winner is kept on disk, once, when all is tried or the budget is spent, and the next start uses it.
/// </summary>
/// <remarks>
/// The budget counts over all starts: how far the search is lies beside the winners. A candidate is noted before it is tried, so that one which takes the process with it is tried once.
/// Nothing that goes wrong here is anybody else's business: the thread ends.
/// </remarks>
internal sealed class BackgroundTuner : IDisposable
{
    private readonly OpenClBackend _owner;
    private readonly TimeSpan _budget;
    private readonly BackgroundPace _pace;
    private readonly CancellationTokenSource _stop = new();
    private readonly Stopwatch _work = new();
    private readonly HashSet<string> _tried = new(StringComparer.Ordinal);
    private Thread? _thread;
    private TuningTrials? _trials;
    private long _prepared;
    private double _before, _written;
    private string? _best, _current;
    private TimeSpan _resumed;

    /// <summary>Prepares one; its thread begins with the first network.</summary>
    /// <param name="owner">Whose device it is; outlives this.</param>
    /// <param name="budget">Work over all starts.</param>
    /// <param name="pace">How much of the machine it takes.</param>
    public BackgroundTuner(OpenClBackend owner, TimeSpan budget, BackgroundPace pace)
    {
        _owner = owner;
        _budget = budget;
        _pace = pace;
    }

    /// <summary>What ended it before its time; null for nothing.</summary>
    public string? Problem { get; private set; }

    /// <summary>Native objects of trials that have ended and not released them.</summary>
    public int Leaked => _trials?.Leaked ?? 0;

    /// <summary>Whether its thread runs.</summary>
    public bool IsRunning => _thread is { IsAlive: true };

    /// <summary>Says that the backend prepares a network for use: work begins, or goes on, when that is over for a while.</summary>
    public void NetworkPrepared()
    {
        Volatile.Write(ref _prepared, Stopwatch.GetTimestamp());
        if (_thread != null || _stop.IsCancellationRequested) return;
        _thread = new Thread(Run) { IsBackground = true, Name = "Cortado background tuning", Priority = ThreadPriority.Lowest };
        _thread.Start();
    }

    /// <summary>Waits for the thread to end by itself; for tests.</summary>
    public bool Join(TimeSpan timeout) => _thread?.Join(timeout) ?? true;

    /// <summary>Stops after the command or the compilation that the driver is at, and waits for that: no thread is left behind.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _thread?.Join();
        _stop.Dispose();
    }

    private void Run()
    {
        try
        {
            if (_owner.MatrixKernels.Store is not { } store || !store.IsWritable()) return;
            WaitForTurn();
            Search(store);
        }
        catch (OperationCanceledException)
        {
            // The next start goes on.
        }
#pragma warning disable CA1031 // Whatever a driver brings up here, nobody waits for it.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Problem = failure.Message;
        }
    }

    private void Search(TuningStore store)
    {
        MatrixKernels kernels = _owner.MatrixKernels;
        TuningProgress? before = store.ReadProgress(kernels.Key);
        _before = before?.Seconds ?? 0;
        _best = before?.Best;
        if (before != null) _tried.UnionWith(before.Tried);
        if (_before >= _budget.TotalSeconds)
        {
            if (_tried.Count > 0) Conclude(kernels, before);
            return;
        }
        _work.Start();
        TuningSearch<TileTuning> search = new(kernels.Tiles, _pace.Rounds, candidate => candidate.Problem(_owner.Device) == null, candidate => _trials!.Measure(trial => trial.Tiles = candidate))
        {
            Spent = () => _before + _work.Elapsed.TotalSeconds,
            Contender = before?.Best is { } best ? TileTuning.Parse(best) : null,
            TriedBefore = Parsed(_tried),
            Beginning = candidate => Begin(store, kernels.Key, candidate),
        };
        try
        {
            _trials = new TuningTrials(_owner, new TuningWorkload(_pace.Batch, threads: 1, pause: Pause), Pause);
            search.Run(_budget, step => Tried(store, kernels, search, step), _stop.Token);
        }
        finally
        {
            _trials?.Dispose();
            // Stopped in the middle of a candidate: that was not its fault.
            if (_current != null && _stop.IsCancellationRequested) _tried.Remove(_current);
            Write(store, kernels.Key);
        }
        if (search.BestFlops > 0 && !kernels.IsKept) store.Write(kernels.Key, search.Best.CompileOptions, search.BestFlops);
    }

    // Earlier starts have spent the budget, and the last one was ended before it could say so.
    private static void Conclude(MatrixKernels kernels, TuningProgress? before)
    {
        if (!kernels.IsKept) kernels.Store!.Write(kernels.Key, before?.Best ?? kernels.Tiles.CompileOptions, 0);
    }

    private static IEnumerable<TileTuning> Parsed(IEnumerable<string> options)
    {
        foreach (string text in options)
            if (TileTuning.Parse(text) is { } numbers) yield return numbers;
    }

    private void Begin(TuningStore store, string key, TileTuning candidate)
    {
        if (_owner.MatrixKernels.IsKept) throw new OperationCanceledException("Somebody else has tuned the device.");
        _tried.Add(_current = candidate.CompileOptions);
        Write(store, key);
    }

    private void Tried(TuningStore store, MatrixKernels kernels, TuningSearch<TileTuning> search, TuningSearch<TileTuning>.Step step)
    {
        _current = null;
        _pace.Progress?.Invoke(new OpenClTuningStep(step.Tried, step.Count, step.Candidate.Describe(), step.FlopsPerSecond, step.Problem, step.IsBest));
        if (!step.IsBest || search.Best.Equals(kernels.Tiles)) return;
        _best = search.Best.CompileOptions;
        Write(store, kernels.Key);
    }

    // What another process has spent and tried meanwhile counts, too.
    private void Write(TuningStore store, string key)
    {
        if (_owner.MatrixKernels.IsKept) return;
        double now = _work.Elapsed.TotalSeconds;
        double others = (store.ReadProgress(key) is { } stored ? stored.Seconds : _before) - _before - _written;
        if (others > 0) _before += others;
        if (store.WriteProgress(key, new TuningProgress(_before + now, _best, new List<string>(_tried)))) _written = now;
    }

    // The device has finished a piece of work: now it is everybody else's turn.
    private void Pause()
    {
        TimeSpan worked = _work.Elapsed - _resumed;
        _work.Stop();
        Wait(TimeSpan.FromTicks((long)(worked.Ticks * (1 / _pace.Duty - 1))));
        WaitForTurn();
        _work.Start();
        _resumed = _work.Elapsed;
    }

    private void WaitForTurn()
    {
        while (true)
        {
            double since = (Stopwatch.GetTimestamp() - Volatile.Read(ref _prepared)) / (double)Stopwatch.Frequency;
            bool room = _owner.AllocatedBytes <= _pace.MostMemory * _owner.MemoryLimits.TotalBytes;
            if (room && since >= _pace.Quiet.TotalSeconds) return;
            Wait(room ? _pace.Quiet - TimeSpan.FromSeconds(since) : TimeSpan.FromSeconds(1));
        }
    }

    private void Wait(TimeSpan time)
    {
        if (time > TimeSpan.Zero) _stop.Token.WaitHandle.WaitOne(time);
        _stop.Token.ThrowIfCancellationRequested();
    }
}
