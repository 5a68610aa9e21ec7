using Cortado.Backends;
using Cortado.Formats;
using Cortado.Layers;
using Cortado.Solvers;

namespace Cortado.Tests.Conformance;

/// <summary>Builds solvers over networks with a MemoryData layer, as the golden trainings have.</summary>
internal static class MemoryTraining
{
    /// <summary>Builds the solver and hands the data to its MemoryData layer.</summary>
    public static Solver Create(IBackend backend, SolverParameter solver, NetParameter net, float[] data, float[] labels, string? weights = null, string? snapshot = null, string? file = null)
    {
        solver.ClearNet();
        solver.NetParam = net;
        var built = new Solver(solver, new SolverOptions
        {
            Backend = backend,
            FileName = file,
            Weights = weights == null ? [] : [weights],
            Snapshot = snapshot,
        });
        MemoryDataLayer memory = Memory(built);
        memory.SetArrays(data, labels);
        // Caffe's runs were resumed at the batch that came next; a .solverstate does not know which that is.
        int batch = (int)memory.Parameter.MemoryDataParam.BatchSize;
        memory.Cursor = (long)built.Iteration * Math.Max(1, solver.IterSize) * batch;
        return built;
    }

    private static MemoryDataLayer Memory(Solver solver) => solver.Net.Layers.Select(layer => layer.Layer).OfType<MemoryDataLayer>().Single();
}
