using Cortado.Formats;
using Cortado.Nets;
using Cortado.Tensors;

namespace Cortado.Solvers;

/// <summary>The networks of a solver: one that is trained, and test networks over the same weights.</summary>
internal sealed class SolverNets : IDisposable
{
    private readonly List<Net> _tests = new();

    public SolverNets(SolverParameter solver, SolverOptions options, ulong seed)
    {
        NetSources sources = NetSources.Read(solver, options.FileName);
        TrainSource = sources.Train.Description;
        foreach (NetSource test in sources.Tests) TestSources.Add(test.Description);
        if (options.BatchSize is { } batch && BatchSizeEdit.Apply(sources.Train.Net, batch) == 0)
            throw new CortadoException($"The batch size cannot be set to {batch}: the training network has no data layer with a batch_size.");
        try
        {
            Train = Build(sources.Train, solver, options, seed);
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

    public void Dispose()
    {
        foreach (Net net in _tests) net.Dispose();
        Train?.Dispose();
    }

    private static Net Build(NetSource source, SolverParameter solver, SolverOptions options, ulong seed) => Net.Build(source.Net, new NetOptions
    {
        Backend = options.Backend,
        State = source.Net.State,
        Seed = seed,
        // debug_info shows each layer's own output.
        Fusion = !solver.DebugInfo,
        Databases = options.Databases,
        PrefetchThreads = options.PrefetchThreads,
        FileName = source.FileName,
    });
}
