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
