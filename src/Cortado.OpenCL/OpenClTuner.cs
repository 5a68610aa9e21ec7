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
/// <param name="Complete">Whether all candidates were tried, and the time was not up before.</param>
/// <param name="Path">The file that keeps it; null where nothing could be written.</param>
public sealed record OpenClTuningResult(string Description, double FlopsPerSecond, double DefaultFlopsPerSecond, bool Complete, string? Path);

/// <summary>
/// Finds the numbers with which a device multiplies matrices fastest: it measures candidates on the device, drops those whose results differ from the
/// managed backend's, and keeps the winner on disk, where every backend on this device and driver finds it from then on.
/// </summary>
/// <remarks>
/// Other numbers add in another order, so they change a training's last bits. That is why nothing tunes while a training runs: it happens before, or is used from
/// the next start.
/// </remarks>
public static class OpenClTuner
{
    /// <summary>Tunes a device. The backend uses the winner for what is prepared from then on.</summary>
    /// <param name="backend">The device.</param>
    /// <param name="budget">
    /// How long to try; the best by then is kept. A candidate is not interrupted: compiling one takes a second or less on most GPUs and some seconds on PoCL. Null for all candidates.
    /// </param>
    /// <param name="progress">Told of each candidate.</param>
    /// <param name="cancel">Ends the tuning before its time; nothing is kept then.</param>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    /// <exception cref="OpenClException">Not even the numbers in use work on the device.</exception>
    public static OpenClTuningResult Tune(OpenClBackend backend, TimeSpan? budget = null, Action<OpenClTuningStep>? progress = null, CancellationToken cancel = default)
    {
        if (backend == null) throw new ArgumentNullException(nameof(backend));
        // A graphics card needs much work to be busy.
        return Tune(backend, new TuningWorkload(backend.UsesCpuKernels ? 8 : 64), budget, progress, cancel);
    }

    /// <summary>
    /// Tunes a graphics card that no run has tuned, once, and keeps what is best after the budget. To be called before anything is prepared on the backend, on a thread that
    /// may wait so long. It does nothing for CPU devices, whose compilers take longer for a candidate than anybody wants to wait, nor where nothing can be kept: then each start would
    /// compute other bits.
    /// </summary>
    /// <returns>What was found; null where there was nothing to do.</returns>
    /// <exception cref="OperationCanceledException">The caller cancelled; the next start tries again.</exception>
    /// <exception cref="OpenClException">Not even the numbers in use work on the device.</exception>
    public static OpenClTuningResult? TuneAtFirstUse(OpenClBackend backend, TimeSpan budget, Action<OpenClTuningStep>? progress = null, CancellationToken cancel = default) =>
        IsFirstUse(backend) ? Tune(backend, budget, progress, cancel) : null;

    /// <summary>Whether <see cref="TuneAtFirstUse"/> would tune.</summary>
    public static bool IsFirstUse(OpenClBackend backend)
    {
        if (backend == null) throw new ArgumentNullException(nameof(backend));
        return !backend.UsesCpuKernels && !backend.MatrixKernels.Tuned && backend.MatrixKernels.Store is { } store && store.IsWritable();
    }

    internal static OpenClTuningResult Tune(OpenClBackend backend, TuningWorkload work, TimeSpan? budget, Action<OpenClTuningStep>? progress, CancellationToken cancel)
    {
        MatrixKernels kernels = backend.MatrixKernels;
        return backend.UsesCpuKernels
            ? Search(backend, work, kernels.Panels, tuning => kernels.Panels = tuning, PanelCandidates.Rounds, budget, progress, cancel)
            : Search(backend, work, kernels.Tiles, tuning => kernels.Tiles = tuning, TileCandidates.Rounds, budget, progress, cancel);
    }

    private static OpenClTuningResult Search<T>(OpenClBackend backend, TuningWorkload work, T start, Action<T> use,
        IReadOnlyList<Func<T, IEnumerable<T>>> rounds, TimeSpan? budget, Action<OpenClTuningStep>? progress, CancellationToken cancel)
        where T : struct, IKernelTuning, IEquatable<T>
    {
        var search = new TuningSearch<T>(start, rounds, candidate => candidate.Problem(backend.Device) == null, candidate =>
        {
            use(candidate);
            return work.Measure(backend);
        });
        try
        {
            search.Run(budget, step => progress?.Invoke(new OpenClTuningStep(step.Tried, step.Count, step.Candidate.Describe(), step.FlopsPerSecond, step.Problem, step.IsBest)), cancel);
        }
        finally
        {
            use(search.Best);
        }
        if (search.BestFlops == 0) throw new OpenClException($"{backend.Device.Name} multiplies matrices wrong even with the numbers in use ({start.Describe()}). Install another driver, or use --device cpu.");
        string? path = backend.MatrixKernels.Keep(search.Best.CompileOptions, search.BestFlops);
        return new OpenClTuningResult(search.Best.Describe(), search.BestFlops, search.StartFlops, search.Complete, path);
    }
}
