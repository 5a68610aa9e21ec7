using Cortado.Formats;
using Cortado.Nets;
using Cortado.Tensors;

namespace Cortado.Tests.Layers;

/// <summary>BatchNorm, Scale, Bias, MVN and Parameter beyond what golden cases and finite differences show.</summary>
public class NormalizationTests
{
    private const string Source = "force_backward: true layer { name: \"p\" type: \"Scale\" bottom: \"x\" top: \"t\" scale_param { num_axes: 0 filler { value: 1.5 } } } ";

    [Theory]
    [InlineData("BatchNorm", "", Phase.Train)]
    [InlineData("BatchNorm", "", Phase.Test)]
    [InlineData("BatchNorm", "batch_norm_param { use_global_stats: true }", Phase.Train)]
    [InlineData("Scale", "scale_param { bias_term: true filler { type: \"uniform\" min: -1 max: 2 } }", Phase.Train)]
    [InlineData("Scale", "scale_param { axis: 0 num_axes: -1 filler { type: \"uniform\" } }", Phase.Train)]
    [InlineData("Bias", "bias_param { axis: 2 filler { value: 0.5 } }", Phase.Train)]
    [InlineData("MVN", "", Phase.Train)]
    [InlineData("MVN", "mvn_param { normalize_variance: false across_channels: true }", Phase.Train)]
    [InlineData("Softmax", "", Phase.Train)]
    public void InPlaceGivesTheSameBits(string type, string settings, Phase phase)
    {
        (float[][] apart, float[][] inPlace) = (Run("y"), Run("t"));
        for (int i = 0; i < apart.Length; i++) Assert.Equal(apart[i], inPlace[i]);

        float[][] Run(string top)
        {
            using var net = new SmallNet(Source + $"layer {{ name: \"l\" type: \"{type}\" bottom: \"t\" top: \"{top}\" {settings} }}", ["x 4 3 5 2"], phase);
            net.Randomize("x", 3);
            foreach (Blob blob in net.Net.FindLayer("l")!.Layer.Blobs)
                if (type == "BatchNorm") blob.WriteData().Fill(0.7f);
            net.Forward();
            SmallNet.Fill(net.Net.Blob(top).WriteDiff(), 4);
            float[] output = net.Data(top);
            net.Net.Backward();
            return [output, net.Diff("x"), .. net.Net.FindLayer("l")!.Layer.Blobs.Select(blob => blob.ReadDiff().ToArray())];
        }
    }

    [Fact]
    public void RunningStatisticsAreNotLearned()
    {
        using var net = new SmallNet("layer { name: \"l\" type: \"BatchNorm\" bottom: \"x\" top: \"y\" }", ["x 4 3"]);
        Assert.All(net.Net.Params, param => Assert.Equal(0, param.LrMult));
    }

    /// <summary>After many batches of one distribution, TEST normalises as the batches themselves did.</summary>
    [Fact]
    public void RunningStatisticsConvergeToTheBatches()
    {
        const string Layer = "layer { name: \"l\" type: \"BatchNorm\" bottom: \"x\" top: \"y\" }";
        using var train = new SmallNet(Layer, ["x 64 2 3"]);
        using var test = new SmallNet(Layer, ["x 64 2 3"], Phase.Test);
        for (int i = 0; i < 200; i++)
        {
            train.Randomize("x", i);
            foreach (ref float value in train.Net.Blob("x").WriteData()) value = 4 * value + 3;
            train.Forward();
        }
        test.Net.ShareTrainedLayersWith(train.Net);
        train.Data("x").CopyTo(test.Net.Blob("x").WriteData());
        test.Forward();
        float[] output = test.Data("y");
        Assert.Equal(0, output.Average(), 0.2);
        Assert.Equal(1, Math.Sqrt(output.Select(value => (double)value * value).Average()), 0.2);
    }

    /// <summary>Caffe shares the two gradients, so that of several batches (iter_size) only the last would count.</summary>
    [Fact]
    public void AParameterAddsUpItsGradients()
    {
        using var net = new SmallNet(
            "layer { name: \"p\" type: \"Parameter\" top: \"t\" parameter_param { shape { dim: 2 dim: 3 } } } layer { name: \"l\" type: \"EuclideanLoss\" bottom: \"x\" bottom: \"t\" top: \"loss\" }",
            ["x 2 3"]);
        net.Randomize("x", 1).Forward().Net.Backward();
        float[] once = net.ParamDiff("p", 0);
        net.Net.Backward();
        Assert.Contains(once, value => value != 0);
        Assert.Equal(once.Select(value => 2 * value), net.ParamDiff("p", 0));
    }

    [Fact]
    public void MvnGivesFourAxes()
    {
        using var net = new SmallNet("layer { name: \"l\" type: \"MVN\" bottom: \"x\" top: \"y\" }", ["x 2 3"]);
        Assert.Equal("2 3 1 1 (6)", net.Net.Blob("y").Shape.ToString());
    }

    [Fact]
    public void ABatchCanShrinkAndGrow()
    {
        using var net = new SmallNet(Source + "layer { name: \"l\" type: \"BatchNorm\" bottom: \"t\" top: \"t\" } layer { name: \"s\" type: \"Scale\" bottom: \"t\" top: \"t\" }", ["x 4 3 2"]);
        foreach (int batch in new[] { 4, 1, 7, 2 })
        {
            net.Net.Blob("x").Reshape(new Shape(batch, 3, 2));
            net.Randomize("x", batch).Forward();
            net.Net.Blob("t").WriteDiff().Fill(1);
            net.Net.Backward();
            Assert.Equal(batch * 6, net.Data("t").Length);
            Assert.All(net.Diff("x"), value => Assert.True(float.IsFinite(value)));
        }
    }
}
