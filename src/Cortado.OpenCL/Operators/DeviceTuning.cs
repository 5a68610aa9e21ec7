using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Cortado.OpenCL.Runtime;

namespace Cortado.OpenCL.Operators;

/// <summary>The tuning of one family of kernels on one device: a search, where its candidates are measured, and what becomes of the winner.</summary>
internal sealed class DeviceTuning<T> where T : struct, IKernelTuning, IEquatable<T>
{
    private const int PollMilliseconds = 50;

    private readonly OpenClBackend _backend;
    private readonly T _start;
    private readonly Action<MatrixKernels, T> _use;
    private readonly IReadOnlyList<Func<T, IEnumerable<T>>> _rounds;
    private readonly object _telling = new();
    private bool _silent;

    public DeviceTuning(OpenClBackend backend, T start, Action<MatrixKernels, T> use, IReadOnlyList<Func<T, IEnumerable<T>>> rounds)
    {
        _backend = backend;
        _start = start;
        _use = use;
        _rounds = rounds;
    }

    /// <summary>Tunes on the calling thread. The backend then uses the winner; cancelled, the best so far, of which nothing is kept.</summary>
    public OpenClTuningResult Run(TuningWorkload work, TimeSpan? budget, Action<OpenClTuningStep>? progress, CancellationToken cancel)
    {
        using var trials = new TuningTrials(_backend, work);
        TuningSearch<T> search = Search(candidate => trials.Measure(kernels => _use(kernels, candidate)));
        try
        {
            search.Run(budget, Teller(progress), cancel);
        }
        finally
        {
            _use(_backend.MatrixKernels, search.Best);
        }
        return Keep(search);
    }

    /// <summary>Tunes on a thread that is left behind if it does not end soon after the time is up or the caller has cancelled.</summary>
    public OpenClTuningResult RunOrAbandon(Func<TuningWorkload> work, TimeSpan? budget, TimeSpan patience, Action<OpenClTuningStep>? progress, CancellationToken cancel)
    {
        TuningTrials? trials = null;
        TuningSearch<T> search = Search(candidate => trials!.Measure(kernels => _use(kernels, candidate)));
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Exception? failed = null;
        var thread = new Thread(Measure) { IsBackground = true, Name = "Cortado tuning" };
        thread.Start();
        bool ended = Wait(thread, budget, cancel);
        if (!ended)
        {
            stop.Cancel();
            ended = thread.Join(patience);
        }
        if (ended) stop.Dispose();
        else
            lock (_telling) _silent = true;
        if (ended && failed != null) ExceptionDispatchInfo.Capture(failed).Throw();
        _use(_backend.MatrixKernels, search.Best);
        if (search.BestFlops == 0 && stop.IsCancellationRequested) return new OpenClTuningResult(search.Best.Describe(), 0, 0, false, null) { Abandoned = !ended };
        return Keep(search) with { Abandoned = !ended };

        void Measure()
        {
            try
            {
                trials = new TuningTrials(_backend, work());
                Action<TuningSearch<T>.Step> tell = Teller(progress);
                // A driver's compiler may take the interruption for itself: that is not the candidate's fault.
                search.Run(budget, step => Tell(step, tell), stop.Token);
            }
            catch (OperationCanceledException)
            {
                // The best so far counts.
            }
#pragma warning disable CA1031 // The caller's thread throws it.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                failed = failure;
            }
            finally
            {
                trials?.Dispose();
            }
        }

        void Tell(TuningSearch<T>.Step step, Action<TuningSearch<T>.Step> tell)
        {
            if (step.Problem == null || !stop.IsCancellationRequested) tell(step);
        }
    }

    /// <summary>Keeps the winner.</summary>
    /// <exception cref="OpenClException">There is none.</exception>
    private OpenClTuningResult Keep(TuningSearch<T> search)
    {
        if (search.BestFlops == 0)
            throw new OpenClException($"{_backend.Device.Name} multiplies matrices wrong even with the numbers in use ({_start.Describe()}). Install another driver, or use --device cpu.");
        string? path = _backend.MatrixKernels.Keep(search.Best.CompileOptions, search.BestFlops);
        return new OpenClTuningResult(search.Best.Describe(), search.BestFlops, search.Compared ? search.StartFlops : 0, search.Complete, path);
    }

    private TuningSearch<T> Search(Func<T, (double, string?)> measure) => new(_start, _rounds, candidate => candidate.Problem(_backend.Device) == null, measure);

    private Action<TuningSearch<T>.Step> Teller(Action<OpenClTuningStep>? progress) => step =>
    {
        lock (_telling)
        {
            if (!_silent) progress?.Invoke(new OpenClTuningStep(step.Tried, step.Count, step.Candidate.Describe(), step.FlopsPerSecond, step.Problem, step.IsBest));
        }
    };

    private static bool Wait(Thread thread, TimeSpan? budget, CancellationToken cancel)
    {
        long start = Stopwatch.GetTimestamp();
        while (!thread.Join(PollMilliseconds))
        {
            if (cancel.IsCancellationRequested) return false;
            if (budget is { } most && (Stopwatch.GetTimestamp() - start) / (double)Stopwatch.Frequency >= most.TotalSeconds) return false;
        }
        return true;
    }
}
