using System.Text.Json;
using Cortado.Formats;
using Cortado.Solvers;

namespace Cortado.Tests.Solvers;

public class LearningRateTests
{
    public static TheoryData<string> Policies()
    {
        var names = new TheoryData<string>();
        if (GoldenFolder.Index("solvers.json") is { } index && index.TryGetProperty("lr_policies", out JsonElement policies))
            foreach (JsonElement policy in policies.EnumerateArray()) names.Add(policy.GetProperty("name").GetString()!);
        return names;
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void RatesAreCaffesToTheBit(string name)
    {
        JsonElement policy = GoldenFolder.Index("solvers.json")!.Value.GetProperty("lr_policies").EnumerateArray().Single(p => p.GetProperty("name").GetString() == name);
        SolverParameter solver = SolverFile.Parse(policy.GetProperty("solver_prototxt").GetString()!, name).Message;
        var rates = new LearningRatePolicy(solver);
        int step = 0, iteration = 0;
        foreach (JsonElement expected in policy.GetProperty("lr").EnumerateArray())
            Assert.Equal((float)expected.GetDouble(), rates.At(iteration++, ref step));
    }

    [Theory]
    [InlineData("lr_policy: 'stairs'", "stairs")]
    [InlineData("lr_policy: 'step' gamma: 0.1", "stepsize")]
    [InlineData("lr_policy: 'exp' gamma: -1", "gamma")]
    [InlineData("lr_policy: 'sigmoid' gamma: 1", "stepsize")]
    [InlineData("lr_policy: 'poly'", "max_iter")]
    public void WrongSettingsAreNamed(string text, string word)
    {
        var error = Assert.Throws<CortadoException>(() => new LearningRatePolicy(SolverFile.Parse(text, "solver").Message));
        Assert.Contains(word, error.Message, StringComparison.Ordinal);
    }
}
