using Cortado.OpenCL.Operators;
using Cortado.OpenCL.Runtime;

namespace Cortado.OpenCL;

/// <summary>A candidate that tuning has tried.</summary>
/// <param name="Tried">How many have been tried, this one included.</param>
/// <param name="Count">How many there are, about: later ones depend on what wins before.</param>
/// <param name="Description">The candidate in words.</param>
/// <param name="FlopsPerSecond">Its speed in floating-point operations per second; 0 where it will not do.</param>
/// <param name="Problem">Why it will not do; null where it will.</param>
/// <param name="IsBest">Whether it is the fastest so far.</param>
public sealed record OpenClTuningStep(int Tried, int Count, string Description, double FlopsPerSecond, string? Problem, bool IsBest);

/// <summary>What tuning found.</summary>
/// <param name="Description">The winner in words.</param>
/// <param name="FlopsPerSecond">Its speed in floating-point operations per second.</param>
/// <param name="DefaultFlopsPerSecond">The speed of the numbers that were in use before.</param>
/// <param name="Path">The file that keeps it; null where nothing could be written.</param>
public sealed record OpenClTuningResult(string Description, double FlopsPerSecond, double DefaultFlopsPerSecond, string? Path);

/// <summary>
/// Finds the numbers with which a device multiplies matrices fastest: it measures candidates on the device, drops those whose results differ from the
/// managed backend's, and keeps the winner on disk, where every backend on this device and driver finds it from then on.
/// </summary>
public static class OpenClTuner
{
    // Less is noise.
    private const double WorthChanging = 1.02;

    /// <summary>Tunes a device. The backend uses the winner at once.</summary>
    /// <param name="backend">The device.</param>
    /// <param name="progress">Told of each candidate.</param>
    /// <param name="cancel">Ends the tuning before its time; nothing is kept then.</param>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    /// <exception cref="OpenClException">Not even the numbers in use work on the device.</exception>
    public static OpenClTuningResult Tune(OpenClBackend backend, Action<OpenClTuningStep>? progress = null, CancellationToken cancel = default)
    {
        if (backend == null) throw new ArgumentNullException(nameof(backend));
        // A graphics card needs much work to be busy.
        return Tune(backend, new TuningWorkload(backend.UsesCpuKernels ? 8 : 64), progress, cancel);
    }

    internal static OpenClTuningResult Tune(OpenClBackend backend, TuningWorkload work, Action<OpenClTuningStep>? progress, CancellationToken cancel)
    {
        MatrixKernels kernels = backend.MatrixKernels;
        return backend.UsesCpuKernels
            ? Search(backend, work, kernels.Panels, tuning => kernels.Panels = tuning, PanelCandidates.Rounds, progress, cancel)
            : Search(backend, work, kernels.Tiles, tuning => kernels.Tiles = tuning, TileCandidates.Rounds, progress, cancel);
    }

    /// <summary>Round by round: each one's candidates differ from the best so far in something else.</summary>
    private static OpenClTuningResult Search<T>(OpenClBackend backend, TuningWorkload work, T start, Action<T> use,
        IReadOnlyList<Func<T, IEnumerable<T>>> rounds, Action<OpenClTuningStep>? progress, CancellationToken cancel)
        where T : struct, IKernelTuning, IEquatable<T>
    {
        var tried = new HashSet<T>();
        T best = start;
        double bestFlops = 0, startFlops = 0;
        int count = 1;
        foreach (Func<T, IEnumerable<T>> round in rounds)
            foreach (T candidate in round(start)) count += candidate.Problem(backend.Device) == null && !candidate.Equals(start) ? 1 : 0;
        try
        {
            Try(start);
            if (bestFlops == 0) throw new OpenClException($"{backend.Device.Name} multiplies matrices wrong even with the numbers in use ({start.Describe()}). Install another driver, or use --device cpu.");
            startFlops = bestFlops;
            foreach (Func<T, IEnumerable<T>> round in rounds)
                foreach (T candidate in new List<T>(round(best)))
                    if (candidate.Problem(backend.Device) == null && !tried.Contains(candidate)) Try(candidate);
        }
        finally
        {
            use(best);
        }
        string? path = backend.MatrixKernels.Store?.Write(backend.MatrixKernels.Key, best.CompileOptions, bestFlops);
        return new OpenClTuningResult(best.Describe(), bestFlops, startFlops, path);

        void Try(T candidate)
        {
            cancel.ThrowIfCancellationRequested();
            tried.Add(candidate);
            use(candidate);
            (double flops, string? problem) = work.Measure(backend);
            bool wins = problem == null && flops > bestFlops * WorthChanging;
            if (wins && bestFlops > 0)
            {
                // The machine may have been busy with something else when the best so far was measured.
                use(best);
                bestFlops = Math.Max(bestFlops, work.Measure(backend).FlopsPerSecond);
                wins = flops > bestFlops * WorthChanging;
            }
            if (wins) (best, bestFlops) = (candidate, flops);
            progress?.Invoke(new OpenClTuningStep(tried.Count, Math.Max(count, tried.Count), candidate.Describe(), flops, problem, wins));
        }
    }
}
