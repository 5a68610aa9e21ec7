using Cortado.Formats;
using Cortado.Nets;
using Cortado.Tensors;

namespace Cortado.Solvers;

/// <summary>The networks of a solver: one that is trained, and test networks over the same weights.</summary>
internal sealed class SolverNets : IDisposable
{
    private readonly List<Net> _tests = new();

    public SolverNets(SolverParameter solver, SolverOptions options, ulong seed) : this(NetSources.Read(solver, options.FileName), solver, options, seed)
    {
    }

    public SolverNets(NetSources sources, SolverParameter solver, SolverOptions options, ulong seed)
    {
        TrainSource = sources.Train.Description;
        foreach (NetSource test in sources.Tests) TestSources.Add(test.Description);
        try
        {
            NetSource train = options.BatchSize is { } batch ? sources.Train with { Net = BatchOverride.Apply(sources.Train.Net, batch) } : sources.Train;
            Train = Build(train, solver, options, seed);
            foreach (NetSource test in sources.Tests)
            {
                Net net = Build(test, solver, options, seed);
                _tests.Add(net);
                net.ShareTrainedLayersWith(Train);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public Net Train { get; } = null!;

    public IReadOnlyList<Net> Tests => _tests;

    public string TrainSource { get; }

    public List<string> TestSources { get; } = new();

    /// <summary>Items in a batch: the first extent of the first blob.</summary>
    public int BatchSize
    {
        get
        {
            if (Train.Blobs.Count == 0) return 0;
            Shape shape = Train.Blobs[0].Shape;
            return shape.Rank > 0 ? shape[0] : 1;
        }
    }

    /// <summary>Says that the weights were set from outside.</summary>
    public void WeightsChanged()
    {
        Train.WeightsChanged();
        foreach (Net test in _tests) test.WeightsChanged();
    }

    /// <summary>
    /// Loads weight files, each name a list with commas, one after the other. A test network is given the layers that it does not
    /// share with the training network.
    /// </summary>
    public List<WeightReport> LoadWeights(IReadOnlyList<string> lists, PathResolver paths)
    {
        var reports = new List<WeightReport>();
        foreach (string list in lists)
        {
            foreach (string entry in list.Split(','))
            {
                string name = entry.Trim();
                if (name.Length == 0) continue;
                string path = paths.Existing(name, "weight file");
                reports.Add(WeightLoader.Load(Train, path));
                foreach (Net test in _tests)
                    if (HasOwnWeights(test)) WeightLoader.Load(test, path);
            }
        }
        WeightsChanged();
        return reports;
    }

    public void Dispose()
    {
        foreach (Net net in _tests) net.Dispose();
        Train?.Dispose();
    }

    /// <summary>What a network of a solver is built with.</summary>
    public static NetOptions OptionsOf(NetSource source, SolverParameter solver, SolverOptions options, ulong seed) => new()
    {
        Backend = options.Backend,
        State = source.Net.State,
        Seed = seed,
        // debug_info shows each layer's own output.
        Fusion = !solver.DebugInfo,
        Databases = options.Databases,
        PrefetchThreads = options.PrefetchThreads,
        FileName = source.FileName,
        Locations = source.Locations ?? options.Locations,
        // The solver has planned for all of them.
        PlanMemory = false,
    };

    private static Net Build(NetSource source, SolverParameter solver, SolverOptions options, ulong seed) =>
        Net.Build(source.Net, OptionsOf(source, solver, options, seed));

    private bool HasOwnWeights(Net test)
    {
        foreach (NetLayer layer in test.Layers)
            if (layer.Layer.Blobs.Count > 0 && Train.FindLayer(layer.Layer.Name) == null) return true;
        return false;
    }
}
