using System.Globalization;
using System.Text.Json;
using Cortado.Tensors;

namespace Cortado.Tests.Solvers;

/// <summary>Trainings of the golden network step for step beside Caffe's.</summary>
public class GoldenRunTests
{
    public static TheoryData<string> Runs()
    {
        var names = new TheoryData<string>();
        if (GoldenFolder.Index("solvers.json") is { } index)
            foreach (JsonElement run in index.GetProperty("runs").EnumerateArray()) names.Add(run.GetProperty("name").GetString()!);
        return names;
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void FollowsCaffe(string name)
    {
        using var golden = new GoldenRuns(name);
        double tolerance = golden.Run.GetProperty("type").GetString() == "RMSProp" ? 1e-4 : 1e-5;
        var wrong = new Findings();
        for (int i = 0; i < 20; i++)
        {
            golden.Solver.Step(1);
            Assert.Equal((float)golden.Run.GetProperty("lr")[i].GetDouble(), golden.Solver.Report.LearningRate);
            if (golden.Solver.Parameter.IterSize == 1)
                wrong.Add(ArrayDifference.Describe($"loss {i}", golden.Run.GetProperty("losses")[i].GetDouble(), golden.Solver.Report.Loss, tolerance));
            string done = (i + 1).ToString(CultureInfo.InvariantCulture);
            if (!golden.Run.GetProperty("weights").TryGetProperty(done, out JsonElement weights)) continue;
            foreach (GoldenArray expected in GoldenArray.ReadAll(weights, "solvers.bin"))
            {
                Blob found = golden.Solver.Net.FindLayer(expected.Name)!.Layer.Blobs[expected.Index];
                wrong.Add(ArrayDifference.Describe($"{expected.Name}[{expected.Index}] after {done}", expected, found.Shape, found.ReadData(), tolerance));
            }
        }
        GoldenArray[] history = GoldenArray.ReadAll(golden.Run.GetProperty("history_20"), "solvers.bin");
        Assert.Equal(history.Length, golden.Solver.History.Count);
        for (int i = 0; i < history.Length; i++)
            wrong.Add(ArrayDifference.Describe($"history {i}", history[i], golden.Solver.History[i].Shape, golden.Solver.History[i].ReadData(), 10 * tolerance));
        wrong.Check();
    }
}
