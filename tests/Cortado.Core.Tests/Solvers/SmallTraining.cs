using Cortado.Backends;
using Cortado.Formats;
using Cortado.Solvers;

namespace Cortado.Tests.Solvers;

/// <summary>
/// A training of seconds with everything that has a memory: random crops and mirrors from a database, dropout, a test network,
/// and a solver of choice.
/// </summary>
internal static class SmallTraining
{
    private const string Net = """
        name: "small"
        layer { name: "data" type: "Data" top: "data" top: "label" include { phase: TRAIN } transform_param { scale: 0.00390625 crop_size: 8 mirror: true }
                data_param { source: "DATABASE" batch_size: 7 backend: LMDB } }
        layer { name: "data" type: "Data" top: "data" top: "label" include { phase: TEST } transform_param { scale: 0.00390625 crop_size: 8 }
                data_param { source: "DATABASE" batch_size: 3 backend: LMDB } }
        layer { name: "two" type: "Power" bottom: "label" top: "class" power_param { scale: 0 } }
        layer { name: "ip1" type: "InnerProduct" bottom: "data" top: "ip1" inner_product_param { num_output: 10 weight_filler { type: "xavier" } } }
        layer { name: "relu1" type: "ReLU" bottom: "ip1" top: "ip1" }
        layer { name: "drop1" type: "Dropout" bottom: "ip1" top: "ip1" dropout_param { dropout_ratio: 0.5 } }
        layer { name: "ip2" type: "InnerProduct" bottom: "ip1" top: "ip2" inner_product_param { num_output: 3 weight_filler { type: "xavier" } } }
        layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip2" bottom: "class" top: "loss" }
        """;

    /// <summary>The solver, with its snapshots in a folder.</summary>
    public static SolverParameter Parameter(TempFolder folder, string settings) => Parameter(folder.File("snap"), settings);

    /// <summary>The solver, with a prefix for its snapshots.</summary>
    public static SolverParameter Parameter(string prefix, string settings)
    {
        SolverParameter parameter = SolverFile.Parse("test_iter: 2 test_interval: 5 average_loss: 4 display: 3 random_seed: 5", "common").Message;
        parameter.MergeFrom(SolverFile.Parse(settings, "settings").Message);
        parameter.NetParam = NetFile.Parse(Net.Replace("DATABASE", GoldenFolder.SampleOf("data/raw_small_lmdb").Replace('\\', '/'), StringComparison.Ordinal), "net").Message;
        parameter.SnapshotPrefix = prefix;
        return parameter;
    }

    public static SolverOptions Options(IBackend backend, string? snapshot = null, params SolverObserver[] observers) => new()
    {
        Backend = backend,
        Databases = new Lmdb.LmdbProvider(),
        Snapshot = snapshot,
        Observers = observers,
    };

    /// <summary>All weights and history as bits.</summary>
    public static int[] Bits(Solver solver)
    {
        var bits = new List<int>();
        foreach (Nets.LearnableParam param in solver.Net.Params)
            foreach (float value in param.Blob.ReadData()) bits.Add(BitConverter.SingleToInt32Bits(value));
        foreach (Tensors.Blob history in solver.History)
            foreach (float value in history.ReadData()) bits.Add(BitConverter.SingleToInt32Bits(value));
        return bits.ToArray();
    }

    /// <summary>Keeps every number that was reported.</summary>
    internal sealed class Recorder : SolverObserver
    {
        public List<(int Iteration, float Loss, float Smoothed, float Rate, float? Test)> Iterations { get; } = new();

        public Action<Solver>? OnIteration { get; init; }

        public override void IterationDone(Solver solver, IterationReport report)
        {
            Iterations.Add((report.Iteration, report.Loss, report.SmoothedLoss, report.LearningRate, report.Tests.Count > 0 ? report.Tests[0].Score("loss") : null));
            if (!report.Closing) OnIteration?.Invoke(solver);
        }
    }
}
