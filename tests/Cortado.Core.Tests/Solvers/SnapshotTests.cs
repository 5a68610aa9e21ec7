using Cortado.Backends;
using Cortado.Formats;
using Cortado.Solvers;

namespace Cortado.Tests.Solvers;

public class SnapshotTests
{
    public static TheoryData<string> Runs() => new(GoldenRuns.Names);

    [Theory]
    [MemberData(nameof(Runs))]
    public void TheSolverstateIsLaidOutAsCaffes(string run)
    {
        string golden = GoldenFolder.SampleOf($"solver_snapshots/{run}_iter_20.solverstate");
        if (!File.Exists(golden)) return;
        using var folder = new TempFolder();
        string prefix = folder.File(run).Replace('\\', '/');
        using var training = new GoldenRuns(run, $"snapshot_prefix: '{prefix}'");
        training.Solver.Step(20);
        SnapshotFiles files = training.Solver.Snapshot();
        Assert.Equal($"{prefix}_iter_20.solverstate", files.State);
        SolverState ours = SolverState.Parser.ParseFrom(File.ReadAllBytes(files.State)), caffes = SolverState.Parser.ParseFrom(File.ReadAllBytes(golden));
        Assert.Equal(files.Model, ours.LearnedNet);
        ours.LearnedNet = caffes.LearnedNet;
        var wrong = new Findings();
        for (int i = 0; i < caffes.History.Count; i++)
        {
            wrong.Add(ArrayDifference.Describe($"history {i}", caffes.History[i].Data.ToArray(), ours.History[i].Data.ToArray(), 1e-3));
            ours.History[i].Data.Clear();
            caffes.History[i].Data.Clear();
        }
        wrong.Check();
        Assert.Equal(caffes, ours);
    }

    [Fact]
    public void AStateThatIsNotFiniteTakesAnotherName()
    {
        using var folder = new TempFolder();
        using IBackend backend = TestBackend.Create();
        using var solver = new Solver(SmallTraining.Parameter(folder, "base_lr: 0.1 lr_policy: 'fixed' max_iter: 4"), SmallTraining.Options(backend));
        solver.Step(2);
        SnapshotFiles good = solver.Snapshot();
        Assert.True(good.Healthy);
        byte[] before = File.ReadAllBytes(good.Checkpoint);
        solver.Net.Params[1].Blob.Data.Update()[0] = float.NaN;
        SnapshotFiles bad = solver.Snapshot();
        Assert.False(bad.Healthy);
        Assert.EndsWith("snap_diverged_iter_2.caffemodel", bad.Model, StringComparison.Ordinal);
        Assert.Equal(good, solver.LastHealthySnapshot);
        Assert.Equal(before, File.ReadAllBytes(good.Checkpoint));
        Assert.Equal("ip1", solver.Net.Layers[solver.FirstNonFiniteParam()!.Layer].Layer.Name);
    }

    [Theory]
    [InlineData("snapshot_format: HDF5 snapshot: 1", "HDF5")]
    [InlineData("snapshot: 1 snapshot_prefix: 'absent/folder/snap'", "absent")]
    public void WhatCannotBeWrittenIsSaidBeforeTheTraining(string settings, string word)
    {
        using var folder = new TempFolder();
        using IBackend backend = TestBackend.Create();
        SolverParameter parameter = SmallTraining.Parameter(folder, "base_lr: 0.1 lr_policy: 'fixed' max_iter: 4");
        // After the folder's own prefix.
        parameter.MergeFrom(SolverFile.Parse(settings, "more").Message);
        var error = Assert.Throws<CortadoException>(() => new Solver(parameter, SmallTraining.Options(backend)));
        Assert.Contains(word, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatAKilledTrainingLeftBehindIsRemovedOnceItIsOld()
    {
        using var folder = new TempFolder();
        using IBackend backend = TestBackend.Create();
        string old = folder.File(".snap_iter_7.caffemodel.0123.tmp"), young = folder.File(".snap_iter_8.caffemodel.4567.tmp"), other = folder.File(".other_iter_7.caffemodel.89ab.tmp");
        foreach (string file in new[] { old, young, other }) File.WriteAllText(file, "half");
        File.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddHours(-1));
        File.SetLastWriteTimeUtc(other, DateTime.UtcNow.AddHours(-1));
        using var solver = new Solver(SmallTraining.Parameter(folder, "base_lr: 0.1 lr_policy: 'fixed' snapshot: 5"), SmallTraining.Options(backend));
        Assert.Equal([other, young], Directory.GetFiles(folder.Path).Order());
    }
}
