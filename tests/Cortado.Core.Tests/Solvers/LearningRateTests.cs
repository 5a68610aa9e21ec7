using Cortado.Formats;
using Cortado.Solvers;

namespace Cortado.Tests.Solvers;

public class LearningRateTests
{
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
