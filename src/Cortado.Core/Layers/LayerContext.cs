using Cortado.Backends;
using Cortado.Data;
using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>What a layer is given by the network that it stands in.</summary>
public sealed class LayerContext
{
    /// <summary>The backend whose buffers and operators the layer uses.</summary>
    public required IBackend Backend { get; init; }

    /// <summary>TRAIN or TEST.</summary>
    public Phase Phase { get; init; } = Phase.Train;

    /// <summary>The seed that all random streams of the network derive from.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>
    /// Whether weights change only when somebody says so (<see cref="Layer.WeightsChanged"/>): a network that is only run, so
    /// operators may keep them packed.
    /// </summary>
    public bool FrozenWeights { get; init; }

    /// <summary>Opens LMDB databases for data layers; null where the program has no reader.</summary>
    public IRecordDatabaseProvider? Databases { get; init; }

    /// <summary>Finds a file named in a prototxt: from the current folder, else from the prototxt's own.</summary>
    public PathResolver Paths { get; init; } = new PathResolver(null);

    /// <summary>Threads that decode and transform ahead for a data layer; 0 picks a number for this machine.</summary>
    public int PrefetchThreads { get; init; }

    /// <summary>A random stream of this network, named by who draws from it.</summary>
    public CounterRandom Random(string name) => CounterRandom.Named(Seed, name);
}
