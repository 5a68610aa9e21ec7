using Cortado.Backends.Cpu;
using Cortado.Formats;
using Cortado.Layers;
using Cortado.Tensors;

namespace Cortado.Tests.Layers;

/// <summary>What the golden statistics do not show: the gaussian's shape, independence, repeatability, and what is refused.</summary>
public class FillerTests
{
    [Fact]
    public void GaussianHasTheNormalDistributionsQuantiles()
    {
        float[] values = Fill(new FillerParameter { Type = "gaussian", Mean = 2, Std = 3 }, "a", 300, 1001);
        foreach ((double quantile, double z) in new[] { (0.0013499, -3), (0.0227501, -2), (0.1586553, -1), (0.5, 0), (0.8413447, 1), (0.9772499, 2), (0.9986501, 3.0) })
        {
            double found = values.Count(value => value < 2 + 3 * z) / (double)values.Length;
            Assert.InRange(found, quantile - 6 * Math.Sqrt(quantile * (1 - quantile) / values.Length), quantile + 6 * Math.Sqrt(quantile * (1 - quantile) / values.Length));
        }
        double correlation = 0;
        for (int i = 1; i < values.Length; i++) correlation += (values[i] - 2.0) * (values[i - 1] - 2.0) / 9;
        Assert.InRange(correlation / values.Length, -6 / Math.Sqrt(values.Length), 6 / Math.Sqrt(values.Length));
    }

    [Theory]
    [InlineData("gaussian")]
    [InlineData("uniform")]
    [InlineData("xavier")]
    [InlineData("msra")]
    [InlineData("positive_unitball")]
    public void TheSameNameDrawsTheSameAndAnotherDrawsOthers(string type)
    {
        float[] values = Fill(new FillerParameter { Type = type }, "a", 5, 7);
        Assert.Equal(values, Fill(new FillerParameter { Type = type }, "a", 5, 7));
        Assert.NotEqual(values, Fill(new FillerParameter { Type = type }, "b", 5, 7));
        Assert.Equal(values.Length, values.Distinct().Count());
    }

    [Fact]
    public void AWideUniformDoesNotOverflow() =>
        Assert.All(Fill(new FillerParameter { Type = "uniform", Min = -3e38f, Max = 3e38f }, "a", 9, 9), value => Assert.True(float.IsFinite(value)));

    [Theory]
    [InlineData("type: 'glorot'", "unknown filler type \"glorot\"")]
    [InlineData("type: 'gaussian' std: 0", "std: 0")]
    [InlineData("type: 'gaussian' sparse: 9", "sparse: 9 for 5 outputs")]
    [InlineData("type: 'xavier' sparse: 1", "only \"gaussian\" can be sparse")]
    [InlineData("type: 'uniform' min: 2", "min: 2 and max: 1")]
    [InlineData("type: 'bilinear'", "square kernel")]
    public void WrongSettingsAreRefused(string filler, string expected)
    {
        var error = Assert.Throws<CortadoException>(() => new SmallNet(
            $"layer {{ name: \"l\" type: \"InnerProduct\" bottom: \"x\" top: \"y\" inner_product_param {{ num_output: 5 weight_filler {{ {filler} }} }} }}", ["x 2 3"]));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains("'l'", error.Message, StringComparison.Ordinal);
    }

    private static float[] Fill(FillerParameter filler, string name, params int[] shape)
    {
        using var backend = new CpuBackend(1);
        using var blob = new Blob("w", backend, new Shape(shape));
        Filler.Fill(filler, blob, CounterRandom.Named(1, name), "l");
        return blob.ReadData().ToArray();
    }
}
