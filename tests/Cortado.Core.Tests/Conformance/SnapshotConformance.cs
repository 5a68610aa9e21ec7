using Cortado.Formats;

namespace Cortado.Tests.Conformance;

/// <summary>The snapshots that Caffe wrote: what we read from them is what its run had in memory.</summary>
public class SnapshotConformance
{
    private const string Folder = "solver_snapshots/";

    public static TheoryData<string> Runs =>
        new(SolverCase.Names.Where(name => GoldenFolder.Has($"{Folder}{name}_iter_20.caffemodel") && GoldenFolder.Has($"{Folder}{name}_iter_20.solverstate")));

    public static TheoryData<string> Hdf5Files => GoldenFolder.Has(Folder)
        ? new(Directory.EnumerateFiles(GoldenFolder.PathOf(Folder), "*.h5").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal))
        : [];

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Runs))]
    public void Weights(string run)
    {
        GoldenArray[] expected = SolverCase.Find(run).Weights.Single(entry => entry.Updates == 20).Weights;
        using WeightFile file = WeightFile.Open(GoldenFolder.PathOf($"{Folder}{run}_iter_20.caffemodel"));
        var findings = new Findings();
        foreach (GoldenArray array in expected)
        {
            WeightBlob blob = file.Layers.Single(layer => layer.Name == array.Name).Blobs[array.Index];
            Assert.Equal(array.Shape, blob.Shape);
            findings.Add(ArrayDifference.Describe($"{array.Name}[{array.Index}]", array.Values, blob.ToArray(), 0));
        }
        Assert.Equal(expected.Length, file.Layers.Sum(layer => layer.Blobs.Count));
        findings.Check();
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Runs))]
    public void State(string run)
    {
        SolverCase expected = SolverCase.Find(run);
        using SolverStateFile file = SolverStateFile.Open(GoldenFolder.PathOf($"{Folder}{run}_iter_20.solverstate"));
        Assert.Equal(expected.StateFields.GetProperty("iter").GetInt32(), file.Iteration);
        Assert.Equal(expected.StateFields.GetProperty("current_step").GetInt32(), file.CurrentStep);
        Assert.Equal(expected.StateFields.GetProperty("learned_net").GetString(), file.LearnedNet);
        Assert.Equal(expected.StateFields.GetProperty("history").GetInt32(), file.History.Count);
        var findings = new Findings();
        GoldenArray[] history = expected.History;
        Assert.Equal(history.Length, file.History.Count);
        for (int i = 0; i < history.Length; i++)
        {
            Assert.Equal(history[i].Shape, file.History[i].Shape);
            findings.Add(ArrayDifference.Describe(history[i].Name, history[i].Values, file.History[i].ToArray(), 0));
        }
        findings.Check();
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Hdf5Files))]
    public void Hdf5IsRefusedByName(string file)
    {
        string path = GoldenFolder.PathOf(Folder + file);
        CortadoException error = file.Contains("solverstate", StringComparison.Ordinal)
            ? Assert.ThrowsAny<CortadoException>(() => SolverStateFile.Open(path))
            : Assert.ThrowsAny<CortadoException>(() => WeightFile.Open(path));
        Assert.Contains("HDF5", error.Message);
        Assert.Contains(file, error.Message);
    }
}
