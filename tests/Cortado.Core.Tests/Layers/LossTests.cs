using Cortado.Formats;

namespace Cortado.Tests.Layers;

/// <summary>What losses and Accuracy do at the edges of their inputs.</summary>
public sealed class LossTests : IDisposable
{
    private const string SoftmaxLoss = "layer { name: \"l\" type: \"SoftmaxWithLoss\" bottom: \"x\" bottom: \"label\" top: \"loss\" loss_param { ignore_label: 255 } }";

    private readonly string _folder = Directory.CreateTempSubdirectory("cortado-loss").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("SoftmaxWithLoss", 3)]
    [InlineData("SoftmaxWithLoss", -1)]
    [InlineData("SoftmaxWithLoss", float.NaN)]
    [InlineData("SoftmaxWithLoss", 1e10f)]
    [InlineData("Accuracy", 3)]
    [InlineData("HingeLoss", 3)]
    [InlineData("MultinomialLogisticLoss", -7)]
    public void ALabelThatIsNoClassIsNamed(string type, float label)
    {
        using var net = new SmallNet($"layer {{ name: \"judge\" type: \"{type}\" bottom: \"x\" bottom: \"label\" top: \"y\" }}", ["x 4 3", "label 4"]);
        net.Set("label", 0, 2, label, 1);
        string message = Assert.Throws<CortadoException>(() => net.Forward()).Message;
        Assert.Contains("judge", message, StringComparison.Ordinal);
        Assert.Contains("example 2", message, StringComparison.Ordinal);
        Assert.Contains("0 to 2", message, StringComparison.Ordinal);
        Assert.Contains(label.ToString(System.Globalization.CultureInfo.InvariantCulture), message, StringComparison.Ordinal);
    }

    [Fact]
    public void ALabelInAMapIsNamedWithItsPosition()
    {
        using var net = new SmallNet(SoftmaxLoss, ["x 2 3 2 2", "label 2 2 2"]);
        net.Set("label", 0, 1, 2, 255, 0, 1, 9, 1);
        string message = Assert.Throws<CortadoException>(() => net.Forward()).Message;
        Assert.Contains("example 1 of the batch, position 2", message, StringComparison.Ordinal);
        Assert.Contains("255", message, StringComparison.Ordinal);
    }

    [Fact]
    public void ALossOfIgnoredLabelsOnlyIsZeroAndSoIsItsGradient()
    {
        using var net = new SmallNet("force_backward: true " + SoftmaxLoss, ["x 3 4", "label 3"]);
        net.Randomize("x", 1).Set("label", 255, 255, 255).Forward().Net.Backward();
        Assert.Equal([0f], net.Data("loss"));
        Assert.All(net.Diff("x"), value => Assert.Equal(0, value));
    }

    /// <summary>Caffe's familiar 87.3365: -log of the smallest normal float.</summary>
    [Fact]
    public void ALossIsNeverMoreThanThatOfTheSmallestFloat()
    {
        using var net = new SmallNet(SoftmaxLoss, ["x 1 2", "label 1"]);
        net.Set("x", 200, 0).Set("label", 1).Forward();
        Assert.Equal(87.3365, net.Data("loss")[0], 1e-4);
    }

    [Theory]
    [InlineData("SoftmaxWithLoss", "")]
    [InlineData("InfogainLoss", "bottom: \"h\"")]
    public void ASecondTopGivesTheProbabilities(string type, string third)
    {
        using var net = new SmallNet(
            $"layer {{ name: \"l\" type: \"{type}\" bottom: \"x\" bottom: \"label\" {third} top: \"loss\" top: \"p\" }} "
            + "layer { name: \"s\" type: \"Softmax\" bottom: \"x\" top: \"q\" }" + (third.Length > 0 ? "" : " layer { name: \"q\" type: \"Silence\" bottom: \"h\" }"),
            ["x 3 4 2", "label 3 2", "h 4 4"]);
        net.Randomize("x", 1).Randomize("h", 2).Forward();
        Assert.Equal(net.Data("q"), net.Data("p"));
    }

    [Fact]
    public void ALabelHasNoGradient()
    {
        using var net = new SmallNet("layer { name: \"l\" type: \"SoftmaxWithLoss\" bottom: \"x\" bottom: \"label\" top: \"loss\" propagate_down: true propagate_down: true }", ["x 3 4", "label 3"]);
        net.Forward();
        string message = Assert.Throws<CortadoException>(net.Net.Backward).Message;
        Assert.Contains("'label'", message, StringComparison.Ordinal);
    }

    /// <summary>A label is compared by its whole part, as a C cast would.</summary>
    [Fact]
    public void LabelsCountByTheirWholePart()
    {
        using var net = new SmallNet("layer { name: \"l\" type: \"Accuracy\" bottom: \"x\" bottom: \"label\" top: \"y\" }", ["x 2 2", "label 2"]);
        net.Set("x", 1, 0, 0, 1).Set("label", -0.9f, 1.9f).Forward();
        Assert.Equal([1f], net.Data("y"));
    }

    [Fact]
    public void AccuracyTakesScoresOfNanForRightAndEqualScoresForWrong()
    {
        using var net = new SmallNet("layer { name: \"l\" type: \"Accuracy\" bottom: \"x\" bottom: \"label\" top: \"y\" top: \"each\" }", ["x 4 2", "label 4"]);
        net.Set("x", float.NaN, float.NaN, float.NaN, float.NaN, 3, 3, 5, 5).Set("label", 0, 0, 1, 1).Forward();
        Assert.Equal([0.5f], net.Data("y"));
        Assert.Equal([1f, 0f], net.Data("each"));
    }

    [Fact]
    public void AccuracyOfNothingIsZero()
    {
        using var net = new SmallNet("layer { name: \"l\" type: \"Accuracy\" bottom: \"x\" bottom: \"label\" top: \"y\" top: \"each\" accuracy_param { ignore_label: 1 } }", ["x 2 3", "label 2"]);
        net.Set("label", 1, 1).Forward();
        Assert.Equal([0f], net.Data("y"));
        Assert.Equal([0f, 0f, 0f], net.Data("each"));
    }

    [Fact]
    public void AHingeLossTakesNanForAMarginOfZeroAsCaffe()
    {
        using var net = new SmallNet("layer { name: \"l\" type: \"HingeLoss\" bottom: \"x\" bottom: \"label\" top: \"y\" }", ["x 1 3", "label 1"]);
        net.Set("x", float.NaN, 0, 0).Set("label", 0).Forward();
        Assert.Equal([2f], net.Data("y"));
    }

    [Theory]
    [InlineData("normalization: BATCH_SIZE", 4)]
    [InlineData("normalize: false", 4)]
    [InlineData("normalize: true", 12)]
    [InlineData("normalize: true normalization: NONE", 1)]
    [InlineData("normalization: FULL", 12)]
    public void TheDivisorFollowsTheSettings(string settings, int divisor)
    {
        using var net = new SmallNet(
            $"layer {{ name: \"l\" type: \"SoftmaxWithLoss\" bottom: \"x\" bottom: \"label\" top: \"loss\" loss_param {{ {settings} }} }} "
            + $"layer {{ name: \"m\" type: \"SigmoidCrossEntropyLoss\" bottom: \"z\" bottom: \"t\" top: \"loss2\" loss_param {{ {settings} }} }}",
            ["x 4 2 3", "label 4 3", "z 4 3", "t 4 3"]);
        net.Forward();
        // All scores are 0: each of the 12 positions adds log 2.
        Assert.Equal(12 * Math.Log(2) / divisor, net.Data("loss")[0], 1e-5);
        Assert.Equal(12 * Math.Log(2) / divisor, net.Data("loss2")[0], 1e-5);
    }

    [Fact]
    public void AnInfogainMatrixComesFromAFileAsFromABottom()
    {
        string path = Path.Combine(_folder, "h.binaryproto");
        float[] matrix = [1, 0.5f, 0, 0.25f, 2, 0, 0, -1, 3];
        BinaryProtoFile.Write(path, new WeightArray([1, 1, 3, 3], matrix));
        using var net = new SmallNet(
            $"force_backward: true layer {{ name: \"l\" type: \"InfogainLoss\" bottom: \"x\" bottom: \"label\" top: \"a\" infogain_loss_param {{ source: \"{path.Replace('\\', '/')}\" }} }} "
            + "layer { name: \"m\" type: \"InfogainLoss\" bottom: \"x2\" bottom: \"label\" bottom: \"h\" top: \"b\" }",
            ["x 5 3", "x2 5 3", "label 5", "h 3 3"]);
        net.Randomize("x", 3).Randomize("x2", 3).Set("label", 0, 1, 2, 1, 0).Set("h", matrix).Forward().Net.Backward();
        Assert.NotEqual(0, net.Data("a")[0]);
        Assert.Equal(net.Data("a"), net.Data("b"));
        Assert.Equal(net.Diff("x"), net.Diff("x2"));
    }

    [Theory]
    [InlineData("bottom: \"x\" bottom: \"label\"", "source")]
    [InlineData("bottom: \"x\" bottom: \"label\" infogain_loss_param { source: \"no such file\" }", "no such file")]
    [InlineData("bottom: \"x\" bottom: \"label\" bottom: \"label2\"", "3 x 3")]
    public void AWrongInfogainMatrixIsExplained(string description, string expected)
    {
        string message = Assert.Throws<CortadoException>(() => new SmallNet(
            $"layer {{ name: \"l\" type: \"InfogainLoss\" top: \"a\" {description} }}", ["x 5 3", "label 5", "label2 5"])).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SoftmaxWithLoss", "x 4 3 2", "label 4")]
    [InlineData("SoftmaxWithLoss", "x 4 3", "label 3")]
    [InlineData("Accuracy", "x 4 3 2", "label 4")]
    [InlineData("HingeLoss", "x 4 3", "label 4 2")]
    [InlineData("SigmoidCrossEntropyLoss", "x 4 3", "label 4")]
    [InlineData("EuclideanLoss", "x 4 3", "label 4 2")]
    public void ShapesThatDoNotFitAreNamed(string type, string x, string label)
    {
        string message = Assert.Throws<CortadoException>(() => new SmallNet(
            $"layer {{ name: \"judge\" type: \"{type}\" bottom: \"x\" bottom: \"label\" top: \"y\" }}", [x, label])).Message;
        Assert.Contains("judge", message, StringComparison.Ordinal);
        Assert.Contains("'label'", message, StringComparison.Ordinal);
    }
}
