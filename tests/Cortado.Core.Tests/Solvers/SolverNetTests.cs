using Cortado.Backends;
using Cortado.Formats;
using Cortado.Nets;
using Cortado.Solvers;

namespace Cortado.Tests.Solvers;

/// <summary>Which networks a solver has, and what its tests report.</summary>
public class SolverNetTests
{
    private const string Net = """
        name: "n"
        layer { name: "data" type: "DummyData" top: "data" top: "label" dummy_data_param { shape { dim: 4 dim: 3 } shape { dim: 4 } data_filler { type: "uniform" max: 1 } data_filler { type: "constant" value: 1 } } }
        layer { name: "ip" type: "InnerProduct" bottom: "data" top: "ip" param { lr_mult: MULT } inner_product_param { num_output: 2 weight_filler { type: "xavier" } } }
        layer { name: "relu" type: "ReLU" bottom: "ip" top: "ip" }
        layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip" bottom: "label" top: "loss" }
        layer { name: "accuracy" type: "Accuracy" bottom: "ip" bottom: "label" top: "accuracy" include { phase: TEST } }
        layer { name: "prob" type: "Softmax" bottom: "ip" top: "prob" include { phase: TEST stage: "deep" } }
        """;

    private const string Common = "base_lr: 0.1 lr_policy: 'fixed' max_iter: 6 snapshot_after_train: false random_seed: 3 ";

    [Fact]
    public void TestNetworksComeInCaffesOrderWithTheirStates()
    {
        using var training = new Training(Common + "test_interval: 2 test_iter: 1 test_iter: 2 test_iter: 3 test_state { } test_state { stage: 'deep' } test_state { }", parameter =>
        {
            NetParameter other = Parse();
            other.Name = "other";
            parameter.TestNetParam.Add(other);
        });
        Solver solver = training.Solver;
        Assert.Equal(["other", "n", "n"], solver.TestNets.Select(net => net.Name));
        Assert.Equal(["test_net_param", "net_param", "net_param"], solver.TestSources);
        Assert.Equal([false, true, false], solver.TestNets.Select(net => net.FindLayer("prob") != null));
        Assert.All(solver.TestNets, net => Assert.Equal(Phase.Test, net.Phase));
        Assert.Null(solver.Net.FindLayer("accuracy"));
        Assert.Equal([1, 2, 3], solver.TestAll().Select(report => report.Batches));
    }

    [Theory]
    [InlineData("", "no training network")]
    [InlineData("net: 'a.prototxt' train_net: 'b.prototxt'", "2 training networks")]
    [InlineData("net: 'absent.prototxt'", "absent.prototxt")]
    public void AMissingNetworkIsNamed(string nets, string words)
    {
        using IBackend backend = TestBackend.Create();
        SolverParameter parameter = SolverFile.Parse(Common + nets, "solver").Message;
        var error = Assert.Throws<CortadoException>(() => new Solver(parameter, new SolverOptions { Backend = backend }));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("test_iter: 1", "test_interval")]
    [InlineData("test_iter: 1 test_interval: 5 test_state { } test_state { }", "test_state")]
    [InlineData("test_iter: 0 test_interval: 5", "test_iter")]
    [InlineData("type: 'Adamant'", "Adamant")]
    [InlineData("type: 'AdaGrad' momentum: 0.9", "Momentum")]
    [InlineData("type: 'RMSProp' momentum: 0.9", "Momentum")]
    [InlineData("regularization_type: 'L3'", "L3")]
    [InlineData("iter_size: 0", "iter_size")]
    public void AWrongSettingIsNamed(string settings, string word)
    {
        var error = Assert.Throws<CortadoException>(() => new Training(Common + settings));
        Assert.Contains(word, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NetworksAreFoundBesideTheSolver()
    {
        using var folder = new TempFolder();
        using IBackend backend = TestBackend.Create();
        File.WriteAllText(folder.File("beside.prototxt"), Net.Replace("MULT", "1", StringComparison.Ordinal));
        SolverParameter parameter = SolverFile.Parse(Common + "train_net: 'beside.prototxt' test_net: 'beside.prototxt' test_iter: 1 test_interval: 1", "solver").Message;
        using var solver = new Solver(parameter, new SolverOptions { Backend = backend, FileName = folder.File("solver.prototxt") });
        Assert.Equal("train_net file: beside.prototxt", solver.TrainSource);
        Assert.Equal("test_net file: beside.prototxt", Assert.Single(solver.TestSources));
    }

    [Fact]
    public void ATestAveragesItsBatchesOverTheTrainedWeights()
    {
        using var training = new Training(Common + "test_interval: 100 test_iter: 3 test_compute_loss: true");
        Solver solver = training.Solver;
        solver.Step(4);
        Net test = solver.TestNets[0];
        var losses = new List<float>();
        var record = new Watch((net, layer) => { if (net.Layers[layer].Layer.Name == "loss") losses.Add(net.Blob("loss").ReadData()[0]); });
        test.Observer = record;
        TestReport report = solver.TestAll()[0];
        Assert.Equal(3, losses.Count);
        Assert.Equal(3, losses.Distinct().Count());
        Assert.Equal(losses.Average(), report.Score("loss")!.Value, 1e-6f);
        Assert.Equal(report.Score("loss")!.Value, report.Loss!.Value, 1e-6f);
        Assert.Equal(["accuracy", "loss"], report.Scores.Select(score => score.Name));
        Assert.Equal([0f, 1f], report.Scores.Select(score => score.LossWeight));
        Assert.Null(report.Score("absent"));
        Assert.Equal(solver.Net.FindLayer("ip")!.Layer.Blobs[0].ReadData().ToArray(), test.FindLayer("ip")!.Layer.Blobs[0].ReadData().ToArray());
    }

    [Theory]
    [InlineData("type: 'SGD' momentum: 0.9")]
    [InlineData("type: 'Adam' momentum: 0.9")]
    public void AFrozenBlobStaysAndHasNoGradient(string type)
    {
        using var training = new Training(Common + "weight_decay: 0.1 " + type, mult: "0");
        float[] before = training.Solver.Net.Params[0].Blob.ReadData().ToArray(), bias = training.Solver.Net.Params[1].Blob.ReadData().ToArray();
        training.Solver.Step(3);
        Assert.Equal(before, training.Solver.Net.Params[0].Blob.ReadData().ToArray());
        Assert.NotEqual(bias, training.Solver.Net.Params[1].Blob.ReadData().ToArray());
    }

    [Fact]
    public void TheSmoothedLossIsTheMeanOfTheLastOnes()
    {
        var recorder = new SmallTraining.Recorder();
        using var training = new Training(Common + "average_loss: 3", observers: recorder);
        training.Solver.Step(8);
        for (int i = 0; i < 8; i++)
        {
            float expected = recorder.Iterations.Skip(Math.Max(0, i - 2)).Take(Math.Min(3, i + 1)).Average(report => report.Loss);
            Assert.Equal(expected, recorder.Iterations[i].Smoothed, 1e-6f);
        }
    }

    [Fact]
    public void DebugInfoHasCaffesLines()
    {
        var lines = new Lines();
        using var training = new Training(Common + "debug_info: true display: 2", observers: lines);
        training.Solver.Step(2);
        Assert.Equal(
            [
                "[Forward] Layer data, top blob data data", "[Forward] Layer data, top blob label data",
                "[Forward] Layer ip, top blob ip data", "[Forward] Layer ip, param blob 0 data", "[Forward] Layer ip, param blob 1 data",
                "[Forward] Layer relu, top blob ip data", "[Forward] Layer loss, top blob loss data",
                "[Backward] Layer loss, bottom blob ip diff", "[Backward] Layer relu, bottom blob ip diff",
                "[Backward] Layer ip, param blob 0 diff", "[Backward] Layer ip, param blob 1 diff", "[Backward] All net params (data, diff)",
            ],
            lines.All.Select(line => line.Trim().Split(": ")[0]));
        Assert.Contains("top blob label data: 1", lines.All[1], StringComparison.Ordinal);
    }

    private static NetParameter Parse(string mult = "1") => NetFile.Parse(Net.Replace("MULT", mult, StringComparison.Ordinal), "net").Message;

    private sealed class Training : IDisposable
    {
        private readonly IBackend _backend = TestBackend.Create();

        public Training(string settings, Action<SolverParameter>? edit = null, string mult = "1", params SolverObserver[] observers)
        {
            SolverParameter parameter = SolverFile.Parse(settings, "solver").Message;
            parameter.NetParam = Parse(mult);
            edit?.Invoke(parameter);
            try
            {
                Solver = new Solver(parameter, new SolverOptions { Backend = _backend, Observers = observers });
            }
            catch
            {
                _backend.Dispose();
                throw;
            }
        }

        public Solver Solver { get; }

        public void Dispose()
        {
            Solver.Dispose();
            _backend.Dispose();
        }
    }

    private sealed class Lines : SolverObserver
    {
        public List<string> All { get; } = [];

        public override void DebugLine(Solver solver, string line) => All.Add(line);
    }

    private sealed class Watch(Action<Net, int> forward) : INetObserver
    {
        public void AfterForward(Net net, int layer) => forward(net, layer);

        public void AfterBackward(Net net, int layer) { }
    }
}
