using Cortado.Backends;
using Cortado.Data;
using Cortado.Formats;

namespace Cortado.Solvers;

/// <summary>What a solver is built with, beside its prototxt.</summary>
public sealed record SolverOptions
{
    /// <summary>The backend that computes. It outlives the solver and is not disposed with it.</summary>
    public required IBackend Backend { get; init; }

    /// <summary>Opens databases for data layers; null where the program has no reader.</summary>
    public IRecordDatabaseProvider? Databases { get; init; }

    /// <summary>The solver prototxt's path: networks named in it are looked for from the current folder, else beside it.</summary>
    public string? FileName { get; init; }

    /// <summary>Where the solver's fields stand in its text, for messages about networks inside it; null when it did not come from text.</summary>
    public SourceMap? Locations { get; init; }

    /// <summary>Weight files (<c>.caffemodel</c>) to start from, in place of the prototxt's <c>weights</c>; each may be a list with commas.</summary>
    public IReadOnlyList<string> Weights { get; init; } = Array.Empty<string>();

    /// <summary>A snapshot (<c>.solverstate</c> or <c>.cortado</c>) to go on from.</summary>
    public string? Snapshot { get; init; }

    /// <summary>The seed, in place of <c>random_seed</c>. A checkpoint's own seed goes before both.</summary>
    public ulong? Seed { get; init; }

    /// <summary>The batch size of the training network's data layers, in place of their own.</summary>
    public int? BatchSize { get; init; }

    /// <summary>The number of iterations, in place of <c>max_iter</c>.</summary>
    public int? MaxIterations { get; init; }

    /// <summary>Threads that decode ahead for a data layer; 0 picks a number for this machine.</summary>
    public int PrefetchThreads { get; init; }

    /// <summary>Who is told what the solver does.</summary>
    public IReadOnlyList<SolverObserver> Observers { get; init; } = Array.Empty<SolverObserver>();

    /// <summary>Who may end the training; null for nobody.</summary>
    public ITrainingMonitor? Monitor { get; init; }
}
