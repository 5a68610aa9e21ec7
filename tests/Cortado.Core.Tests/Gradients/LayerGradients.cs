using Cortado.Backends;
using Cortado.Formats;
using Cortado.Layers;

namespace Cortado.Tests.Gradients;

/// <summary>Backward passes against finite differences of forward passes.</summary>
public class LayerGradients
{
    // Sources have nothing to differentiate by, and these results are steps or counts.
    private static readonly string[] WithoutGradient =
        ["Accuracy", "ArgMax", "Data", "DummyData", "HDF5Data", "ImageData", "Input", "MemoryData", "Threshold"];

    public static TheoryData<string> Cases => new(GradientCases.All.Select(described => described.Name));

    public static TheoryData<string> Types => new(LayerCatalog.Names.Except(WithoutGradient));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Layer(string name)
    {
        using IBackend backend = TestBackend.Create();
        GradientChecker.Check(GradientCases.All.Single(described => described.Name == name), backend).Check();
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void EveryTypeWithAGradientIsChecked(string type) =>
        Assert.Contains(GradientCases.All, described => described.Layers.Contains($"type: \"{type}\"", StringComparison.Ordinal));

    /// <summary>Where differences say nothing, at the kinks themselves, the gradient is the side that Caffe takes.</summary>
    [Theory]
    [InlineData("ReLU", "relu_param { negative_slope: 0.25 }", 0, 0.25)]
    [InlineData("PReLU", "", 0, 0.25)]
    [InlineData("ELU", "elu_param { alpha: 0.5 }", 0, 0.5)]
    [InlineData("AbsVal", "", 0, 0)]
    [InlineData("BNLL", "", 0, 0.5)]
    [InlineData("Clip", "clip_param { min: -1 max: 2 }", -1, 1)]
    [InlineData("Clip", "clip_param { min: -1 max: 2 }", 2, 1)]
    [InlineData("Power", "power_param { power: 2 }", 0, 0)]
    [InlineData("Reduction", "reduction_param { operation: ASUM axis: 1 }", 0, 0)]
    public void AtAKink(string type, string settings, float at, float expected)
    {
        using IBackend backend = TestBackend.Create();
        var x = new GradientInput("x", 1, 37);
        using var net = new CaseNet(new GradientCase(type, $"layer {{ name: \"l\" type: \"{type}\" bottom: \"x\" top: \"y\" {settings} }}", x) { ParamLow = 0.25, ParamHigh = 0.25 }, backend, 1);
        net.Net.Blob("x").WriteData().Fill(at);
        net.Forward();
        foreach (float[] projection in net.Projection) projection.AsSpan().Fill(1);
        net.Backward();
        Assert.All(net.Net.Blob("x").ReadDiff().ToArray(), value => Assert.Equal(expected, value));
    }

    /// <summary>The checker itself must be able to fail: a ReLU whose gradient is read as that of its double.</summary>
    [Fact]
    public void AWrongGradientIsFound()
    {
        using IBackend backend = TestBackend.Create();
        var wrong = new GradientCase("wrong", "layer { name: \"l\" type: \"ReLU\" bottom: \"x\" top: \"y\" loss_weight: 1 } ", new GradientInput("x", 2, 3));
        GradientChecker.Check(wrong, backend).Check();
        Assert.Throws<Xunit.Sdk.FailException>(() => GradientChecker.Check(wrong, backend, backwardScale: 1.01f).Check());
    }
}
