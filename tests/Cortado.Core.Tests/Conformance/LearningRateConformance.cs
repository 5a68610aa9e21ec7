using System.Text.Json;
using Cortado.Formats;
using Cortado.Solvers;

namespace Cortado.Tests.Conformance;

/// <summary>The learning rate of each iteration under each policy, to the bit.</summary>
public class LearningRateConformance
{
    public static TheoryData<string> Cases => new(All.Select(json => json.GetProperty("name").GetString()!));

    private static IEnumerable<JsonElement> All =>
        SolverCase.Index is { } index && index.TryGetProperty("lr_policies", out JsonElement policies) ? policies.EnumerateArray() : [];

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Cases))]
    public void Policy(string name)
    {
        JsonElement json = All.Single(policy => policy.GetProperty("name").GetString() == name);
        float[] expected = json.GetProperty("lr").EnumerateArray().Select(rate => rate.GetSingle()).ToArray();
        var policy = new LearningRatePolicy(Prototxt.Parse<SolverParameter>(json.GetProperty("solver_prototxt").GetString()!, "solver.prototxt").Message);
        float[] found = new float[expected.Length];
        int step = 0;
        for (int i = 0; i < found.Length; i++) found[i] = policy.At(i, ref step);
        Assert.Equal(expected, found);
    }
}
