using Cortado.Data;
using Cortado.Formats;

namespace Cortado.Inference;

/// <summary>All that a classifier is made from, wherever it is kept: in files, in a game engine's asset, in memory.</summary>
public sealed class TrainedNetwork
{
    /// <summary>Describes a network.</summary>
    /// <param name="name">What errors call it.</param>
    /// <param name="deploy">The deploy network, as prototxt text.</param>
    /// <param name="openWeights">
    /// Opens the weights when they are loaded: from a file (<see cref="WeightFile.Open(string)"/>), or from memory by a stream over it
    /// (<see cref="WeightFile.Open(Stream, string)"/>). Each array is read from there straight into the network.
    /// </param>
    /// <param name="labels">The names of the classes, in the order of the output; null or empty for numbers.</param>
    /// <param name="mean">Gives the mean image that the deploy network names; null where it names none.</param>
    public TrainedNetwork(string name, string deploy, Func<WeightFile> openWeights, IReadOnlyList<string>? labels = null, Func<MeanImage>? mean = null)
    {
        ThrowIf.Null(openWeights, nameof(openWeights));
        (Name, Deploy, OpenWeights, Labels, Mean) = (name, deploy, openWeights, labels ?? Array.Empty<string>(), mean);
    }

    /// <summary>What errors call it.</summary>
    public string Name { get; }

    /// <summary>The deploy network, as prototxt text.</summary>
    public string Deploy { get; }

    /// <summary>Opens the weights.</summary>
    public Func<WeightFile> OpenWeights { get; }

    /// <summary>The names of the classes, in the order of the output; empty for numbers.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Gives the mean image that the deploy network names; null where it names none.</summary>
    public Func<MeanImage>? Mean { get; }
}
