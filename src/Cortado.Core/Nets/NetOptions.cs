using Cortado.Backends;
using Cortado.Data;
using Cortado.Formats;

namespace Cortado.Nets;

/// <summary>What a network is built with, beside its prototxt.</summary>
public sealed record NetOptions
{
    /// <summary>Options to be filled in.</summary>
    public NetOptions() { }

    /// <summary>Options with all that must be given, for compilers that do not know required members.</summary>
    [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    public NetOptions(IBackend backend) => Backend = backend;

    /// <summary>The backend that computes. It outlives the network and is not disposed with it.</summary>
    public required IBackend Backend { get; init; }

    /// <summary>Phase, level and stages: which layers are in.</summary>
    public NetState State { get; init; } = new() { Phase = Phase.Test };

    /// <summary>The seed of all random numbers: first weights, dropout, crops, mirrors.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Whether weights change only through loading: a network that is run and not trained.</summary>
    public bool FrozenWeights { get; init; }

    /// <summary>Whether a ReLU may be computed by the layer before it. Off where every layer's own output is to be seen.</summary>
    public bool Fusion { get; init; } = true;

    /// <summary>
    /// Whether the network's memory is planned before it is built, on a backend whose memory is known to end, so that a network that does not fit is refused before
    /// anything is allocated. A solver plans all its networks at once and leaves it off here.
    /// </summary>
    public bool PlanMemory { get; init; } = true;

    /// <summary>Whether the plan has room for a backward pass.</summary>
    public bool PlanBackward { get; init; }

    /// <summary>Opens databases for data layers; null where the program has no reader.</summary>
    public IRecordDatabaseProvider? Databases { get; init; }

    /// <summary>Threads that decode ahead for a data layer; 0 picks a number for this machine.</summary>
    public int PrefetchThreads { get; init; }

    /// <summary>The prototxt's path: for messages, and to find files named inside it.</summary>
    public string? FileName { get; init; }

    /// <summary>Where the layers stand in the text, for messages; null when the network did not come from text.</summary>
    public SourceMap? Locations { get; init; }
}
