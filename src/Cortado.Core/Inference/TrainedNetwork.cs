using Cortado.Data;
using Cortado.Formats;

namespace Cortado.Inference;

/// <summary>All that a classifier is made from, wherever it is kept: in files, in a game engine's asset, in memory.</summary>
public sealed class TrainedNetwork
{
    /// <summary>The deploy network, as prototxt text.</summary>
    public required string Deploy { get; init; }

    /// <summary>What errors call it.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Opens the weights when they are loaded: from a file (<see cref="WeightFile.Open(string)"/>), or from memory by a stream over it
    /// (<see cref="WeightFile.Open(Stream, string)"/>). Each array is read from there straight into the network.
    /// </summary>
    public required Func<WeightFile> OpenWeights { get; init; }

    /// <summary>The names of the classes, in the order of the output; empty for numbers.</summary>
    public IReadOnlyList<string> Labels { get; init; } = Array.Empty<string>();

    /// <summary>Gives the mean image that the deploy network names; null where it names none.</summary>
    public Func<MeanImage>? Mean { get; init; }
}
