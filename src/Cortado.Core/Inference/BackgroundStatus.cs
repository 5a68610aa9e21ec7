using Cortado.Data;

namespace Cortado.Inference;

/// <summary>How far a <see cref="BackgroundClassifier"/> has come.</summary>
public enum BackgroundState
{
    /// <summary>It has no network yet.</summary>
    Empty,

    /// <summary>A device is opened, or a network loaded and compiled.</summary>
    Loading,

    /// <summary>It classifies.</summary>
    Ready,

    /// <summary>Something is wrong; another network may be loaded.</summary>
    Failed,

    /// <summary>It has stopped and holds nothing any more.</summary>
    Stopped,
}

/// <summary>How far a <see cref="BackgroundClassifier"/> has come, as one value that does not change.</summary>
public sealed class BackgroundStatus
{
    internal BackgroundStatus(BackgroundState state, int network)
    {
        State = state;
        Network = network;
    }

    /// <summary>The state.</summary>
    public BackgroundState State { get; }

    /// <summary>Which network it is about: counts calls of <see cref="BackgroundClassifier.Load"/> from 1.</summary>
    public int Network { get; }

    /// <summary>What is wrong, where the state is Failed.</summary>
    public Exception? Failure { get; internal init; }

    /// <summary>What computes, as its backend says; empty before a device is open.</summary>
    public string Device { get; internal init; } = "";

    /// <summary>Columns of a picture that goes in without being resized.</summary>
    public int ImageWidth { get; internal init; }

    /// <summary>Rows of a picture that goes in without being resized.</summary>
    public int ImageHeight { get; internal init; }

    /// <summary>The names of the classes.</summary>
    public IReadOnlyList<string> Labels { get; internal init; } = Array.Empty<string>();

    /// <summary>What had to be assumed when the network was loaded, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; internal init; } = Array.Empty<string>();
}
