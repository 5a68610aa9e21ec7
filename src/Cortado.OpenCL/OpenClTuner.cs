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
/// <param name="FlopsPerSecond">Its speed in floating-point operations per second; 0 where it was stopped before anything was known.</param>
/// <param name="DefaultFlopsPerSecond">The speed of the numbers that were in use before; 0 where the two were not measured side by side.</param>
/// <param name="Complete">Whether all candidates were tried, and the time was not up before.</param>
/// <param name="Path">The file that keeps it; null where nothing could be written, or nothing is known.</param>
public sealed record OpenClTuningResult(string Description, double FlopsPerSecond, double DefaultFlopsPerSecond, bool Complete, string? Path)
{
    /// <summary>
    /// Whether a driver still compiles or computes for a candidate that nobody waits for: then the backend must not be disposed, and the process should end.
    /// </summary>
    public bool Abandoned { get; init; }
}

/// <summary>
/// Finds the numbers with which a device multiplies matrices fastest: it measures candidates on the device, drops those whose results differ from the
/// managed backend's, and keeps the winner on disk, where every backend on this device and driver finds it from then on.
/// </summary>
/// <remarks>
/// Other numbers add in another order, so they change a training's last bits. That is why nothing tunes while a training runs: it happens before, or is used from
/// the next start. What is tried in the background of a network in use (<see cref="OpenClOptions.BackgroundTuning"/>) is used from the next start, too.
/// </remarks>
public static class OpenClTuner
{
    /// <summary>Tunes a device. The backend uses the winner for what is prepared from then on.</summary>
    /// <param name="backend">The device. Candidates are measured with a queue and memory of their own.</param>
    /// <param name="budget">
    /// How long to try; the best by then is kept. A candidate is not interrupted: compiling one takes a second or less on most GPUs and some seconds on PoCL. So none is begun that
    /// would probably end too late. Null for all candidates.
    /// </param>
    /// <param name="progress">Told of each candidate.</param>
    /// <param name="cancel">Ends the tuning before its time, after the candidate that is being tried; nothing is kept then.</param>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    /// <exception cref="OpenClException">Not even the numbers in use work on the device.</exception>
    public static OpenClTuningResult Tune(OpenClBackend backend, TimeSpan? budget = null, Action<OpenClTuningStep>? progress = null, CancellationToken cancel = default)
    {
        if (backend == null) throw new ArgumentNullException(nameof(backend));
        return Tune(backend, WorkloadOf(backend), budget, progress, cancel);
    }

    /// <summary>
    /// The same for a program that does nothing else: when the time is up or the caller cancels, it waits for the candidate that is being tried for as long as
    /// <paramref name="patience"/> says and then leaves it behind (<see cref="OpenClTuningResult.Abandoned"/>). The best by then is kept in either case.
    /// </summary>
    /// <exception cref="OpenClException">Not even the numbers in use work on the device.</exception>
    public static OpenClTuningResult TuneOrAbandon(OpenClBackend backend, TimeSpan? budget, TimeSpan patience, Action<OpenClTuningStep>? progress, CancellationToken cancel)
    {
        if (backend == null) throw new ArgumentNullException(nameof(backend));
        return backend.UsesCpuKernels
            ? OfPanels(backend).RunOrAbandon(() => WorkloadOf(backend), budget, patience, progress, cancel)
            : OfTiles(backend).RunOrAbandon(() => WorkloadOf(backend), budget, patience, progress, cancel);
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

    internal static OpenClTuningResult Tune(OpenClBackend backend, TuningWorkload work, TimeSpan? budget, Action<OpenClTuningStep>? progress, CancellationToken cancel) =>
        backend.UsesCpuKernels ? OfPanels(backend).Run(work, budget, progress, cancel) : OfTiles(backend).Run(work, budget, progress, cancel);

    internal static DeviceTuning<PanelTuning> OfPanels(OpenClBackend backend) =>
        new(backend, backend.MatrixKernels.Panels, (kernels, numbers) => kernels.Panels = numbers, PanelCandidates.Rounds);

    internal static DeviceTuning<TileTuning> OfTiles(OpenClBackend backend) =>
        new(backend, backend.MatrixKernels.Tiles, (kernels, numbers) => kernels.Tiles = numbers, TileCandidates.Rounds);

    // A graphics card needs much work to be busy.
    private static TuningWorkload WorkloadOf(OpenClBackend backend) => new(backend.UsesCpuKernels ? 8 : 64);
}
