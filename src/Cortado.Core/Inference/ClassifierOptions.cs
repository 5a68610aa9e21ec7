using Cortado.Backends;
using Cortado.Data;

namespace Cortado.Inference;

/// <summary>What a classifier is made with, beside its network and weights.</summary>
public sealed class ClassifierOptions
{
    /// <summary>Options to be filled in.</summary>
    public ClassifierOptions() { }

    /// <summary>Options with all that must be given, for compilers that do not know required members.</summary>
    [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    public ClassifierOptions(IBackend backend) => Backend = backend;

    /// <summary>The backend that computes. It outlives the classifier.</summary>
    public required IBackend Backend { get; init; }

    /// <summary>The classes' names, one a line; null looks for <c>labels.txt</c> beside the network, then beside the weights.</summary>
    public string? Labels { get; init; }

    /// <summary>Opens the training database where a training network is given, to learn its images' size; null leaves that out.</summary>
    public IRecordDatabaseProvider? Databases { get; init; }
}
