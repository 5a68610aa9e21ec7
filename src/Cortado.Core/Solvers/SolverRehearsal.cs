using Cortado.Backends;
using Cortado.Formats;
using Cortado.Nets;

namespace Cortado.Solvers;

/// <summary>Works out what a whole training takes: its networks, what the update rule remembers, workspace of one iteration and one test.</summary>
internal sealed class SolverRehearsal
{
    private readonly SolverParameter _solver;
    private readonly SolverOptions _options;
    private readonly ulong _seed;
    private readonly NetSources _sources;

    private SolverRehearsal(SolverParameter solver, SolverOptions options, ulong seed, NetSources sources)
    {
        _solver = solver;
        _options = options;
        _seed = seed;
        _sources = sources;
    }

    /// <summary>Refuses a training that does not fit the device, before anything of it is allocated.</summary>
    /// <exception cref="CortadoException">It does not fit; the message says what is needed, what there is, and the largest batch that fits.</exception>
    public static void Check(SolverParameter solver, SolverOptions options, ulong seed)
    {
        if (Begin(solver, options, seed) is not { } rehearsal) return;
        MemoryPlan.Check(options.Backend, "The training", rehearsal._sources.Train.Net.Name, batch => rehearsal.Plan(batch));
    }

    /// <summary>What a training takes; null where the backend's memory has no known end, or the training cannot be built.</summary>
    public static MemoryPlan? Plan(SolverParameter solver, SolverOptions options, ulong seed) => Begin(solver, options, seed)?.Plan(null);

    private static SolverRehearsal? Begin(SolverParameter solver, SolverOptions options, ulong seed)
    {
        if (options.Backend is not IMemoryBound) return null;
        try
        {
            NetSources? sources = NetSources.Read(solver, options.FileName)
                .Map(source => NetRehearsal.WithoutSources(source.Net, SolverNets.OptionsOf(source, solver, options, seed)));
            return sources == null ? null : new SolverRehearsal(solver, options, seed, sources);
        }
        catch (CortadoException)
        {
            // Building it says what is wrong.
            return null;
        }
    }

    private MemoryPlan? Plan(int? batch)
    {
        using IRehearsal rehearsal = ((IMemoryBound)_options.Backend).BeginRehearsal();
        SolverOptions options = _options with { Backend = rehearsal, BatchSize = batch ?? _options.BatchSize };
        try
        {
            using var nets = new SolverNets(_sources, _solver, options, _seed);
            using var norms = new ParamNorms(rehearsal, nets.Train.Params);
            using var update = new WeightUpdate(rehearsal, _solver, nets.Train.Params, norms);
            foreach (Net test in nets.Tests) NetRehearsal.Forward(test);
            NetRehearsal.Forward(nets.Train);
            NetRehearsal.Backward(nets.Train);
            update.Apply(0, 0, new IterationReport(new NetScores(nets.Train)));
            return new MemoryPlan(rehearsal.PeakBytes, rehearsal.LargestBufferBytes, NetRehearsal.BatchOf(nets.Train));
        }
        catch (CortadoException)
        {
            return null;
        }
    }
}
