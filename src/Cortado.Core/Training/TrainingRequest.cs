using Cortado.Backends;

namespace Cortado.Training;

/// <summary>A training that a host describes in a few words, so that it can be kept over an interruption of the program.</summary>
public sealed record TrainingRequest
{
    /// <summary>Asks for a new training.</summary>
    /// <param name="solver">The solver prototxt.</param>
    /// <param name="folder">The folder for snapshots and for what an interruption leaves. It is made where it is missing.</param>
    public TrainingRequest(string solver, string folder)
    {
        Solver = solver;
        Folder = folder;
    }

    /// <summary>The solver prototxt.</summary>
    public string Solver { get; init; }

    /// <summary>The folder for snapshots and for what an interruption leaves.</summary>
    public string Folder { get; init; }

    /// <summary>What computes: <c>auto</c>, <c>cpu</c>, <c>opencl:P:D</c>. To go on bit for bit it must be what it was: <see cref="TrainingJob.Device"/>.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Items in a training batch; null for the file's own.</summary>
    public int? BatchSize { get; init; }

    /// <summary>Iterations in all; null for the file's own.</summary>
    public int? MaxIterations { get; init; }

    /// <summary>The checkpoint to go on from; null for a new training.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>The curves up to that checkpoint; null for none.</summary>
    public string? Curves { get; init; }

    /// <summary>The prefix of snapshots.</summary>
    public string SnapshotPrefix => Path.Combine(Folder, "snapshot");
}

/// <summary>A device that was opened for a training.</summary>
/// <param name="Backend">The backend; who asked for it disposes it.</param>
/// <param name="Key">What opens the same one again.</param>
/// <param name="Reason">Why this one, for people.</param>
public sealed record OpenedDevice(IBackend Backend, string Key, string Reason);
