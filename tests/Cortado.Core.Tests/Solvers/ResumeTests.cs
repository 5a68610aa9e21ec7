using Cortado.Backends;
using Cortado.Formats;
using Cortado.Solvers;

namespace Cortado.Tests.Solvers;

/// <summary>A resumed training repeats the uninterrupted one to the bit.</summary>
public class ResumeTests
{
    public static TheoryData<string> Settings() => new(
        "type: 'SGD' base_lr: 0.05 momentum: 0.9 weight_decay: 0.001 lr_policy: 'step' gamma: 0.5 stepsize: 4 max_iter: 17",
        "type: 'Adam' base_lr: 0.01 momentum: 0.9 lr_policy: 'inv' gamma: 0.1 power: 0.5 max_iter: 17 iter_size: 2",
        "type: 'AdaDelta' base_lr: 1 momentum: 0.95 delta: 1e-6 lr_policy: 'multistep' gamma: 0.5 stepvalue: 3 stepvalue: 4 stepvalue: 11 max_iter: 17 clip_gradients: 0.5",
        "type: 'RMSProp' base_lr: 0.01 rms_decay: 0.9 delta: 1e-5 lr_policy: 'poly' power: 1.5 max_iter: 17");

    [Theory]
    [MemberData(nameof(Settings))]
    public void StoppedAnywhereItGoesOnToTheSameBits(string settings)
    {
        using var folder = new TempFolder();
        using IBackend backend = TestBackend.Create();
        var whole = new SmallTraining.Recorder();
        int[] expected = Train(folder, backend, settings, null, whole).Bits;
        foreach (int stopAt in new[] { 1, 4, 5, 10, 16 })
        {
            var first = new SmallTraining.Recorder { OnIteration = solver => { if (solver.Iteration == stopAt) solver.RequestStop(); } };
            Assert.Equal(SolveOutcome.Stopped, Train(folder, backend, settings, null, first).Outcome);
            var second = new SmallTraining.Recorder();
            (SolveOutcome outcome, int[] bits) = Train(folder, backend, settings, folder.File($"snap_iter_{stopAt}.cortado"), second);
            Assert.Equal(SolveOutcome.Finished, outcome);
            Assert.Equal(expected, bits);
            Assert.Equal(whole.Iterations, first.Iterations.Concat(second.Iterations));
        }
    }

    [Fact]
    public void StoppedWithinATestItRepeatsTheTest()
    {
        using var folder = new TempFolder();
        using IBackend backend = TestBackend.Create();
        string settings = ((IEnumerable<TheoryDataRow<string>>)Settings()).First().Data;
        var whole = new SmallTraining.Recorder();
        int[] expected = Train(folder, backend, settings, null, whole).Bits;
        var first = new SmallTraining.Recorder();
        Train(folder, backend, settings, null, first, new StopInTest(10));
        var second = new SmallTraining.Recorder();
        Assert.Equal(expected, Train(folder, backend, settings, folder.File("snap_iter_10.solverstate"), second).Bits);
        Assert.Equal(whole.Iterations, first.Iterations.Concat(second.Iterations));
    }

    [Fact]
    public void StoppedJustAfterATestItDoesNotTestTwice()
    {
        using var folder = new TempFolder();
        using IBackend backend = TestBackend.Create();
        string settings = ((IEnumerable<TheoryDataRow<string>>)Settings()).First().Data;
        var whole = new SmallTraining.Recorder();
        int[] expected = Train(folder, backend, settings, null, whole).Bits;
        var first = new SmallTraining.Recorder();
        Train(folder, backend, settings, null, first, new StopAfterTest(10));
        var second = new SmallTraining.Recorder();
        Assert.Equal(expected, Train(folder, backend, settings, folder.File("snap_iter_11.cortado"), second).Bits);
        Assert.Equal(whole.Iterations, first.Iterations.Concat(second.Iterations));
    }

    [Fact]
    public void ASolverstateAloneGivesWeightsAndHistoryAndSaysWhatItLacks()
    {
        using var folder = new TempFolder();
        using IBackend backend = TestBackend.Create();
        string settings = "type: 'Adam' base_lr: 0.01 momentum: 0.9 lr_policy: 'fixed' max_iter: 6";
        int[] expected = Train(folder, backend, settings, null).Bits;
        string state = folder.File("snap_iter_6.solverstate");
        using (var solver = new Solver(SmallTraining.Parameter(folder, settings), SmallTraining.Options(backend, state)))
        {
            Assert.True(solver.Resumed!.Exact);
            Assert.Equal(expected, SmallTraining.Bits(solver));
        }
        File.Delete(folder.File("snap_iter_6.cortado"));
        using (var solver = new Solver(SmallTraining.Parameter(folder, settings), SmallTraining.Options(backend, state)))
        {
            Assert.False(solver.Resumed!.Exact);
            Assert.NotEmpty(solver.Resumed.Notes);
            Assert.Equal(6, solver.Iteration);
            Assert.Equal(expected, SmallTraining.Bits(solver));
        }
    }

    [Fact]
    public void ACheckpointOfAnotherMomentBesideASolverstateIsLeftAlone()
    {
        using var folder = new TempFolder();
        using IBackend backend = TestBackend.Create();
        string settings = "type: 'SGD' base_lr: 0.05 momentum: 0.9 lr_policy: 'fixed' max_iter: 6 snapshot: 3";
        Train(folder, backend, settings, null);
        File.Copy(folder.File("snap_iter_3.cortado"), folder.File("snap_iter_6.cortado"), overwrite: true);
        using var solver = new Solver(SmallTraining.Parameter(folder, settings), SmallTraining.Options(backend, folder.File("snap_iter_6.solverstate")));
        Assert.False(solver.Resumed!.Exact);
        Assert.Equal(6, solver.Iteration);
        Assert.Contains("another moment", solver.Resumed.Notes[0], StringComparison.Ordinal);
    }

    [Fact]
    public void ACheckpointOfAnotherSolverOrNetworkIsRefused()
    {
        using var folder = new TempFolder();
        using IBackend backend = TestBackend.Create();
        string common = "base_lr: 0.05 lr_policy: 'fixed' max_iter: 2 ";
        Train(folder, backend, common + "type: 'SGD'", null);
        string file = folder.File("snap_iter_2.cortado");
        Assert.Contains("SGD", Refused(folder, backend, common + "type: 'Adam'", file), StringComparison.Ordinal);
        SolverParameter other = SmallTraining.Parameter(folder, common);
        other.NetParam.Layer.Single(layer => layer.Name == "ip1").InnerProductParam.NumOutput = 11;
        string message = Assert.Throws<CortadoException>(() => new Solver(other, SmallTraining.Options(backend, file))).Message;
        Assert.Contains("10x192", message, StringComparison.Ordinal);
        Assert.Contains("11x192", message, StringComparison.Ordinal);
        Assert.Contains("weights", Refused(folder, backend, common, folder.File("snap_iter_2.caffemodel")), StringComparison.Ordinal);
        Assert.Contains("nothing", Refused(folder, backend, common, folder.File("absent.solverstate")), StringComparison.Ordinal);
    }

    [Fact]
    public void WeightsStartATrainingWhereTheOtherEnded()
    {
        using var folder = new TempFolder();
        using IBackend backend = TestBackend.Create();
        string settings = "base_lr: 0.05 lr_policy: 'fixed' max_iter: 2";
        int[] trained = Train(folder, backend, settings, null).Bits;
        SolverOptions options = SmallTraining.Options(backend) with { Weights = [$" {folder.File("snap_iter_2.caffemodel")} , "] };
        using var solver = new Solver(SmallTraining.Parameter(folder, settings), options);
        int weights = solver.Net.Params.Sum(param => param.Blob.Count);
        Assert.Equal(trained.Take(weights), SmallTraining.Bits(solver).Take(weights));
        Assert.Equal(0, solver.Iteration);
        Assert.Equal(2, Assert.Single(solver.WeightReports).Count(Nets.WeightOutcome.Loaded));
    }

    [Fact]
    public void ArraysInMemoryAreReadOnFromWhereTheyWere()
    {
        using var folder = new TempFolder();
        using IBackend backend = TestBackend.Create();
        using Solver whole = InMemory(folder, backend, null);
        whole.Step(2);
        whole.Snapshot();
        whole.Step(3);
        using Solver resumed = InMemory(folder, backend, folder.File("snap_iter_2.cortado"));
        resumed.Step(3);
        Assert.Equal(SmallTraining.Bits(whole), SmallTraining.Bits(resumed));
    }

    private static Solver InMemory(TempFolder folder, IBackend backend, string? snapshot)
    {
        SolverParameter parameter = SmallTraining.Parameter(folder, "base_lr: 0.05 momentum: 0.9 lr_policy: 'fixed'");
        parameter.TestIter.Clear();
        parameter.NetParam = NetFile.Parse("""
            layer { name: "data" type: "MemoryData" top: "data" top: "label" memory_data_param { batch_size: 2 channels: 3 height: 1 width: 1 } }
            layer { name: "ip" type: "InnerProduct" bottom: "data" top: "ip" inner_product_param { num_output: 2 weight_filler { type: "xavier" } } }
            layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip" bottom: "label" top: "loss" }
            """, "net").Message;
        var solver = new Solver(parameter, SmallTraining.Options(backend, snapshot));
        var data = (Cortado.Layers.MemoryDataLayer)solver.Net.FindLayer("data")!.Layer;
        data.SetArrays(Enumerable.Range(0, 18).Select(i => i % 5 - 2f).ToArray(), new float[] { 0, 1, 1, 0, 1, 0 });
        return solver;
    }

    private static string Refused(TempFolder folder, IBackend backend, string settings, string file) =>
        Assert.Throws<CortadoException>(() => new Solver(SmallTraining.Parameter(folder, settings), SmallTraining.Options(backend, file))).Message;

    private static (SolveOutcome Outcome, int[] Bits) Train(TempFolder folder, IBackend backend, string settings, string? snapshot, params SolverObserver[] observers)
    {
        using var solver = new Solver(SmallTraining.Parameter(folder, settings), SmallTraining.Options(backend, snapshot, observers));
        SolveOutcome outcome = solver.Solve();
        return (outcome, SmallTraining.Bits(solver));
    }

    private sealed class StopInTest(int iteration) : SolverObserver
    {
        public override void TestStarting(Solver solver, int net)
        {
            if (solver.Iteration == iteration) solver.RequestStop();
        }
    }

    private sealed class StopAfterTest(int iteration) : SolverObserver
    {
        public override void TestDone(Solver solver, TestReport report)
        {
            if (solver.Iteration == iteration) solver.RequestStop();
        }
    }
}
