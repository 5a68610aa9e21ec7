using Cortado.Backends.Cpu;
using Cortado.Diagnostics;
using Cortado.Diagnostics.Monitoring;
using Cortado.Formats;
using Cortado.Solvers;

namespace Cortado.Tests.Diagnostics;

public sealed class MonitorTests : IDisposable
{
    private const string Net = """
        layer { name: "data" type: "Data" top: "data" top: "label" SCALE data_param { source: "." batch_size: 8 backend: LMDB } }
        layer { name: "conv1" type: "Convolution" bottom: "data" top: "conv1" convolution_param { num_output: 4 kernel_size: 5 stride: 2 weight_filler { type: "xavier" } } }
        layer { name: "relu1" type: "ReLU" bottom: "conv1" top: "conv1" }
        layer { name: "ip" type: "InnerProduct" bottom: "conv1" top: "ip" param { lr_mult: MULT } inner_product_param { num_output: 2 weight_filler { type: "xavier" } } }
        layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip" bottom: "label" top: "loss" }
        """;

    private readonly CpuBackend _backend = new(1);
    private readonly MemoryDatabase _database = MemoryDatabase.OfImages(64, 16, i => i % 2);

    public void Dispose() => _backend.Dispose();

    [Fact]
    public void A_healthy_training_has_no_finding()
    {
        (TrainingMonitor monitor, Solver solver, SolveOutcome outcome) = Train("base_lr: 0.01 momentum: 0.9", 200, scaled: true);
        using (solver)
        {
            Assert.Equal(SolveOutcome.Finished, outcome);
            Assert.Empty(monitor.Findings);
            Assert.True(solver.Report.Loss < 0.3, $"it must have learnt; the loss is {solver.Report.Loss}");
        }
    }

    [Fact]
    public void A_diverging_training_stops_at_the_first_loss_that_is_not_finite_and_names_the_layer()
    {
        (TrainingMonitor monitor, Solver solver, SolveOutcome outcome) = Train("base_lr: 1", 300, scaled: false, quadratic: true);
        using (solver)
        {
            Assert.Equal(SolveOutcome.Diverged, outcome);
            Finding finding = monitor.Findings[^1];
            Assert.Equal("non-finite", finding.Rule);
            Assert.Equal(Severity.Error, finding.Severity);
            Assert.Equal(solver.Iteration, finding.Iteration);
            Assert.Matches("layer '(conv1|ip)'", finding.Subject);
            Assert.Equal(finding.Summary, solver.StopReason);
            Assert.False(float.IsFinite(solver.Report.Loss));
        }
    }

    [Fact]
    public void Weights_are_as_the_last_healthy_update_left_them()
    {
        (_, Solver solver, _) = Train("base_lr: 1", 300, scaled: false, quadratic: true);
        using (solver)
        {
            int stopped = solver.Iteration;
            using var again = new Solver(solver.Parameter, Options(null));
            again.Step(stopped);
            Assert.Equal(again.Net.Params[0].Blob.ReadData().ToArray(), solver.Net.Params[0].Blob.ReadData().ToArray());
        }
    }

    [Fact]
    public void Keep_going_runs_on_and_says_it_once()
    {
        var monitor = new TrainingMonitor(keepGoing: true);
        using var solver = new Solver(Parameter("base_lr: 1", 300, scaled: false, quadratic: true), Options(monitor));
        Assert.Equal(SolveOutcome.Finished, solver.Solve());
        Assert.Single(monitor.Findings, finding => finding.Rule == "non-finite" && finding.Summary.StartsWith("The training diverged", StringComparison.Ordinal));
    }

    [Fact]
    public void A_record_that_is_not_finite_is_named()
    {
        var database = new MemoryDatabase();
        for (int i = 0; i < 16; i++)
        {
            var datum = new Datum { Channels = 3, Height = 16, Width = 16, Label = i % 2 };
            for (int j = 0; j < 3 * 16 * 16; j++) datum.FloatData.Add(i == 13 && j == 7 ? float.NaN : 0.1f * (j % 7));
            database.Add(datum);
        }
        var monitor = new TrainingMonitor();
        using var solver = new Solver(Parameter("base_lr: 0.001", 20, scaled: false), Options(monitor, database));
        Assert.Equal(SolveOutcome.Diverged, solver.Solve());
        Finding finding = Assert.Single(monitor.Findings);
        Assert.Equal("layer 'data'", finding.Subject);
        Assert.Equal(1, finding.Iteration);
        Assert.Contains("item 5 of the batch, record '00000013'", finding.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loss_that_stays_at_guessing_is_said_once()
    {
        // The only layer that decides is frozen at 0: every answer is a half.
        SolverParameter parameter = Parameter("base_lr: 0.01", 700, scaled: true, multiplier: 0);
        parameter.NetParam.Layer[3].InnerProductParam.WeightFiller = new FillerParameter { Type = "constant", Value = 0 };
        var monitor = new TrainingMonitor();
        using var solver = new Solver(parameter, Options(monitor));
        solver.Solve();
        Finding finding = Assert.Single(monitor.Findings);
        Assert.Equal("loss-pinned", finding.Rule);
        Assert.Equal(Math.Log(2), finding.Measured!.Value, 4);
    }

    [Fact]
    public void A_loss_at_the_softmax_floor_is_said()
    {
        // Frozen scores of +-1e6: the right class has probability 0 wherever the label is 1.
        var database = MemoryDatabase.OfImages(64, 16, _ => 1);
        SolverParameter parameter = Parameter("base_lr: 0.01", 30, scaled: true, multiplier: 0);
        LayerParameter ip = parameter.NetParam.Layer[3];
        ip.InnerProductParam.WeightFiller = new FillerParameter { Type = "constant", Value = 0 };
        ip.Param.Add(new ParamSpec { LrMult = 0 });
        var monitor = new TrainingMonitor();
        using var solver = new Solver(parameter, Options(monitor, database));
        Span<float> bias = solver.Net.FindLayer("ip")!.Layer.Blobs[1].WriteData();
        bias[0] = 1e6f;
        bias[1] = -1e6f;
        solver.Solve();
        Finding finding = Assert.Single(monitor.Findings);
        Assert.Equal(("loss-pinned", Severity.Error), (finding.Rule, finding.Severity));
        Assert.Equal(-Math.Log(1.17549435e-38), finding.Measured!.Value, 3);
    }

    private static SolverParameter Parameter(string settings, int iterations, bool scaled, int multiplier = 1, bool quadratic = false)
    {
        SolverParameter parameter = SolverFile.Parse(settings + $" lr_policy: \"fixed\" max_iter: {iterations} random_seed: 3 snapshot_after_train: false", "solver").Message;
        string net = Net.Replace("SCALE", scaled ? "transform_param { scale: 0.0078125 mean_value: 120 }" : "", StringComparison.Ordinal)
            .Replace("MULT", multiplier.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
        // A quadratic loss under steps too large grows without bound; a softmax loss stops at 87, and a ReLU dies.
        if (quadratic) net = net.Replace("type: \"ReLU\"", "type: \"Power\"", StringComparison.Ordinal).Replace("num_output: 2", "num_output: 1", StringComparison.Ordinal).Replace("SoftmaxWithLoss", "EuclideanLoss", StringComparison.Ordinal);
        parameter.NetParam = NetFile.Parse(net, "net").Message;
        return parameter;
    }

    private SolverOptions Options(ITrainingMonitor? monitor, MemoryDatabase? database = null) =>
        new() { Backend = _backend, Databases = database ?? _database, Monitor = monitor };

    private (TrainingMonitor Monitor, Solver Solver, SolveOutcome Outcome) Train(string settings, int iterations, bool scaled, bool quadratic = false)
    {
        var monitor = new TrainingMonitor();
        var solver = new Solver(Parameter(settings, iterations, scaled, quadratic: quadratic), Options(monitor));
        return (monitor, solver, solver.Solve());
    }
}
