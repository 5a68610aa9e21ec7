namespace Cortado.Solvers;

/// <summary>What a checkpoint says beside its arrays.</summary>
/// <param name="Iteration">Updates done.</param>
/// <param name="CurrentStep">Steps of the learning rate done.</param>
/// <param name="Seed">The seed of all random numbers.</param>
/// <param name="SolverType">The update rule.</param>
/// <param name="Network">The network's name.</param>
/// <param name="SmoothedLoss">The loss averaged over <c>average_loss</c> iterations.</param>
public sealed record CheckpointInfo(int Iteration, int CurrentStep, ulong Seed, string SolverType, string Network, float SmoothedLoss);

/// <summary>Is given the arrays of a checkpoint, one part after the other.</summary>
/// <param name="name">The array's name.</param>
/// <param name="shape">Its shape.</param>
/// <param name="part">The next of its values.</param>
public delegate void CheckpointPart(string name, IReadOnlyList<int> shape, ReadOnlySpan<float> part);

/// <summary>Looks into a checkpoint without a network to put it into.</summary>
public static class CheckpointFile
{
    /// <summary>Reads a checkpoint whole and hands its arrays over in parts: first the weights, then the history.</summary>
    /// <param name="path">The file, <c>PREFIX_iter_N.cortado</c>.</param>
    /// <param name="part">Is called at least once for each array.</param>
    /// <exception cref="CortadoException">It cannot be read, is no checkpoint, is damaged, or of another version.</exception>
    public static CheckpointInfo Read(string path, CheckpointPart part)
    {
        using CheckpointReader reader = CheckpointReader.Open(path);
        reader.ReadParts(part);
        return InfoOf(reader.Header);
    }

    /// <summary>Reads what stands before the arrays; whether those are whole is not looked at.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="CortadoException">It cannot be read, is no checkpoint, or of another version.</exception>
    public static CheckpointInfo ReadInfo(string path)
    {
        using CheckpointReader reader = CheckpointReader.Open(path);
        return InfoOf(reader.Header);
    }

    private static CheckpointInfo InfoOf(CheckpointHeader header) =>
        new(header.Iteration, header.CurrentStep, header.Seed, header.SolverType, header.Network, header.SmoothedLoss);
}
