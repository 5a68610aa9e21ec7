using Cortado.OpenCL.Operators;
using Cortado.OpenCL.Runtime;

namespace Cortado.OpenCL;

/// <summary>How an OpenCL backend is set up.</summary>
public sealed record OpenClOptions
{
    /// <summary>The largest batch for which <see cref="HalfWeights"/> change anything.</summary>
    public const int LargestHalfBatch = Gemv.MaxBatch;

    /// <summary>
    /// The folder that keeps compiled kernels between runs. Null for the default: the environment variable CORTADO_CACHE where it is
    /// set (empty for none), else Cortado/Cache in the user's local application data.
    /// </summary>
    public string? CacheFolder { get; init; }

    /// <summary>
    /// Whether fully connected layers of a network in use keep their weights in half precision on the device, for batches of up to four: such
    /// a layer is as fast as its weights can be read. Weights lose their last 13 bits; sums keep them. Weights beyond 65504 become infinite.
    /// </summary>
    public bool HalfWeights { get; init; }

    /// <summary>
    /// How much work, over all starts, may go into looking for faster kernels beside a network in use, on a graphics card that no run has tuned. The network keeps its kernels; the next
    /// start after the search has ended uses what it found. A tenth of the time is worked, a small piece at a time, and nothing before some seconds after the network is prepared. <see cref="TimeSpan.Zero"/> for
    /// none. Null for the default: seconds of the environment variable CORTADO_BACKGROUND_TUNING where it is set, else a minute. Trainings and CPU devices never have it.
    /// </summary>
    public TimeSpan? BackgroundTuning { get; init; }

    /// <summary>How much of the machine that takes; so tests need not wait.</summary>
    internal BackgroundPace BackgroundPace { get; init; } = new();

    /// <summary>Whether the backend is one on which tuning tries candidates: with a context of its own.</summary>
    internal bool ForTrials { get; init; }

    /// <summary>
    /// Whether the device is treated as a graphics card whatever it is: memory of its own, and the kernels for GPUs. So tests reach
    /// those paths on a CPU device.
    /// </summary>
    internal bool AsGpu { get; init; }

    /// <summary>Memory that the device is said to have, in bytes, so that tests can have a small one; null for its own.</summary>
    internal long? MemoryBytes { get; init; }

    /// <summary>A command that shall fail; null for none.</summary>
    internal FaultInjection? Fault { get; init; }

    /// <summary>The longest single buffer that the device is said to have, in bytes; null for its own.</summary>
    internal long? LargestBufferBytes { get; init; }

    /// <summary>A file in which to write down all that the device is asked for, so that tests can have it done by an OpenCL that checks every access.</summary>
    internal string? RecordTo { get; init; }
}
