namespace Cortado.Solvers;

/// <summary>What a checkpoint says beside its arrays.</summary>
internal sealed class CheckpointHeader
{
    /// <summary>Updates done.</summary>
    public int Iteration { get; set; }

    /// <summary>Steps taken by the learning-rate policy.</summary>
    public int CurrentStep { get; set; }

    /// <summary>The seed of all random numbers.</summary>
    public ulong Seed { get; set; }

    /// <summary>The update rule's name.</summary>
    public string SolverType { get; set; } = "";

    /// <summary>The training network's name.</summary>
    public string Network { get; set; } = "";

    /// <summary>The size of the loss window.</summary>
    public int AverageLoss { get; set; } = 1;

    /// <summary>Losses added to the window since the beginning.</summary>
    public int LossesAdded { get; set; }

    /// <summary>The smoothed loss.</summary>
    public float SmoothedLoss { get; set; }

    /// <summary>The losses in the window.</summary>
    public float[] LossWindow { get; set; } = Array.Empty<float>();

    /// <summary>A checksum of the history's values: tells whether a .solverstate is of the same moment.</summary>
    public ulong HistoryHash { get; set; }

    /// <summary>How many blobs are weights.</summary>
    public int Weights { get; set; }

    /// <summary>How many blobs are history.</summary>
    public int History { get; set; }

    /// <summary>For the training network and then each test network: the cursor of each layer that has one.</summary>
    public List<Dictionary<string, long>> Cursors { get; } = new();
}
