using Cortado.Backends;
using Cortado.Data;

namespace Cortado.Diagnostics;

/// <summary>What the doctor works with.</summary>
public sealed class DoctorOptions
{
    /// <summary>Options to be filled in.</summary>
    public DoctorOptions() { }

    /// <summary>Options with all that must be given, for compilers that do not know required members.</summary>
    [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    public DoctorOptions(IBackend backend) => Backend = backend;

    /// <summary>The backend that runs the probe.</summary>
    public required IBackend Backend { get; init; }

    /// <summary>Opens databases; null where the program has no reader.</summary>
    public IRecordDatabaseProvider? Databases { get; init; }

    /// <summary>The seed of the first weights.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The most items that the probe's batch has: enough to measure, few enough to be quick.</summary>
    public int ProbeBatch { get; init; } = 64;

    /// <summary>How long the look through one database may take.</summary>
    public TimeSpan SampleTime { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Weights that the training starts from (fine-tuning); empty for the fillers' own.</summary>
    public IReadOnlyList<string> Weights { get; init; } = Array.Empty<string>();

    /// <summary>Whether to run the forward and backward pass.</summary>
    public bool Probe { get; init; } = true;
}
