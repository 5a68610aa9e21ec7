using System.Text.Json;
using Cortado.Backends;
using Cortado.Formats;
using Cortado.Solvers;
using Cortado.Tensors;

namespace Cortado.Tests.Conformance;

/// <summary>The asker's network in small, trained for eight iterations from Caffe's weights, and from Caffe's snapshot after five.</summary>
public class SeedSmallTraining
{
    private const string Folder = "seed_small/", Snapshot = Folder + "seed_small_train_iter_5";

    // In the fourth iteration a unit lies within rounding of its kink: changing the first weights by half a unit in the last place
    // puts it on one side or the other (of five such changes, four gave Caffe's side and one the other). On Caffe's side everything agrees within 3e-6;
    // on the other, history after five is 3.6e-4 off and the losses up to 6.4e-5. Both are right; before it, the usual tolerance holds.
    private const double LossBeyondKink = 1e-4, HistoryBeyondKink = 5e-4;

    public static TheoryData<string> Parts =>
        GoldenFolder.Index(Folder + "index.json") is { } index && index.TryGetProperty("training", out _) ? ["from the weights", "from the snapshot"] : [];

    private static JsonElement Training => GoldenFolder.Index(Folder + "index.json")!.Value.GetProperty("training");

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Parts))]
    public void Run(string part)
    {
        bool resumed = part == "from the snapshot";
        using IBackend backend = TestBackend.Create();
        using Solver solver = Create(backend, resumed);
        Assert.Equal(resumed ? 5 : 0, solver.Iteration);
        var findings = new Findings();
        JsonElement training = Training;
        if (resumed)
        {
            CompareParams(findings, solver, "params_after_5", 1e-7);
            CompareHistory(findings, solver, 1e-7);
        }
        for (int i = solver.Iteration; i < 8; i++)
        {
            solver.Step(1);
            findings.Add(ArrayDifference.Describe($"loss of iteration {i}", training.GetProperty("losses")[i].GetDouble(), solver.Net.Loss(), i < 4 ? ArrayDifference.Tolerance : LossBeyondKink));
            findings.Add(ArrayDifference.Describe($"rate of iteration {i}", training.GetProperty("lr")[i].GetDouble(), solver.Report.LearningRate, 1e-9));
            if (training.TryGetProperty($"params_after_{i + 1}", out _)) CompareParams(findings, solver, $"params_after_{i + 1}", ArrayDifference.Tolerance);
            if (i == 0) CompareUpdate(findings, solver);
            if (i == 4) CompareHistory(findings, solver, HistoryBeyondKink);
        }
        findings.Check();
    }

    private static Solver Create(IBackend backend, bool resumed)
    {
        string file = GoldenFolder.PathOf(Folder + "solver.prototxt");
        return MemoryTraining.Create(
            backend,
            SolverFile.Load(file).Message,
            NetFile.Load(GoldenFolder.PathOf(Folder + "train.prototxt")).Message,
            GoldenFolder.Floats(Folder + "train_data.f32"),
            GoldenFolder.Floats(Folder + "train_label.f32"),
            weights: resumed ? null : GoldenFolder.PathOf(Folder + "seed_small.caffemodel"),
            snapshot: resumed ? GoldenFolder.PathOf(Snapshot + ".solverstate") : null,
            file: file);
    }

    private static void CompareParams(Findings findings, Solver solver, string section, double tolerance)
    {
        foreach (JsonProperty layer in Training.GetProperty(section).EnumerateObject())
        {
            int index = 0;
            foreach (JsonElement expected in layer.Value.EnumerateArray())
            {
                Blob blob = solver.Net.FindLayer(layer.Name)!.Layer.Blobs[index];
                BlobSummary.Compare(findings, $"{layer.Name}[{index++}] ({section})", expected, blob.Shape, blob.ReadData(), tolerance);
            }
        }
    }

    // The first update is the first gradient times the rate, and from zero it is the history too.
    private static void CompareUpdate(Findings findings, Solver solver)
    {
        int next = 0;
        foreach (JsonProperty layer in Training.GetProperty("param_update_1").EnumerateObject())
            foreach (JsonElement expected in layer.Value.EnumerateArray())
            {
                Blob blob = solver.History[next++];
                BlobSummary.Compare(findings, $"update of {layer.Name} (history {next - 1})", expected, blob.Shape, blob.ReadData());
            }
    }

    private static void CompareHistory(Findings findings, Solver solver, double tolerance)
    {
        JsonElement state = Training.GetProperty("solverstate_5");
        Assert.Equal(state.GetProperty("current_step").GetInt32(), solver.CurrentStep);
        int index = 0;
        foreach (JsonElement expected in state.GetProperty("history").EnumerateArray())
        {
            Blob blob = solver.History[index];
            BlobSummary.Compare(findings, $"history {index++}", expected, blob.Shape, blob.ReadData(), tolerance);
        }
    }
}
