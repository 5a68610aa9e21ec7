using Cortado.Formats;
using Cortado.Inference;

namespace Cortado.Tests.Inference;

public class DeployNetworkTests
{
    private static readonly TrainingImages Stored = new() { Channels = 3, Height = 80, Width = 80 };

    [Fact]
    public void The_askers_network_becomes_the_one_that_Caffe_deployed()
    {
        NetParameter expected = NetFile.Load(GoldenFolder.PathOf("netshapes/seed_deploy.prototxt")).Message;
        NetParameter deploy = DeployNetwork.Derive(Seed(), Stored, batch: (int)expected.Layer[0].InputParam.Shape[0].Dim[0]).Net;
        Assert.Equal(expected.Layer.Select(Outline), deploy.Layer.Select(Outline));
        Assert.Equal(expected.Layer[0].InputParam, deploy.Layer[0].InputParam);
    }

    [Fact]
    public void The_input_records_how_training_prepared_its_images()
    {
        NetParameter net = Seed();
        foreach (LayerParameter layer in net.Layer.Where(layer => layer.Type == "Data"))
        {
            layer.TransformParam.Scale = 0.00390625f;
            layer.TransformParam.MeanValue.Add(104);
        }
        LayerParameter input = DeployNetwork.Derive(net, Stored).Net.Layer[0];
        Assert.Equal((70u, 0.00390625f, 104f, false), (input.TransformParam.CropSize, input.TransformParam.Scale, input.TransformParam.MeanValue[0], input.TransformParam.HasMirror));
        Assert.Equal((80u, 80u), (input.ImageDataParam.NewHeight, input.ImageDataParam.NewWidth));
    }

    [Fact]
    public void Losses_become_what_they_compute_or_vanish()
    {
        NetParameter net = NetFile.Parse("""
            layer { name: "data" type: "Data" top: "data" top: "label" transform_param { crop_size: 8 force_gray: true } data_param { source: "x" batch_size: 4 } }
            layer { name: "a" type: "InnerProduct" bottom: "data" top: "a" inner_product_param { num_output: 3 } }
            layer { name: "sig" type: "SigmoidCrossEntropyLoss" bottom: "a" bottom: "label" top: "l1" }
            layer { name: "hinge" type: "HingeLoss" bottom: "a" bottom: "label" top: "l2" }
            layer { name: "soft" type: "SoftmaxWithLoss" bottom: "a" bottom: "label" top: "l3" }
            layer { name: "hush" type: "Silence" bottom: "label" }
            layer { name: "twice" type: "Power" bottom: "label" top: "label2" }
            """, "net").Message;
        DeployNetwork deploy = DeployNetwork.Derive(net, new TrainingImages());
        Assert.Equal(new[] { "data Input data", "a InnerProduct a", "prob Sigmoid prob", "prob2 Softmax prob2" }, deploy.Net.Layer.Select(Outline));
        Assert.Equal(new long[] { 1, 1, 8, 8 }, deploy.Net.Layer[0].InputParam.Shape[0].Dim);
        Assert.Contains("'twice'", Assert.Single(deploy.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void An_input_of_unknown_size_is_an_error_that_says_what_is_missing()
    {
        NetParameter net = NetFile.Parse("layer { name: \"d\" type: \"Data\" top: \"data\" data_param { source: \"x\" } }", "net").Message;
        var error = Assert.Throws<CortadoException>(() => DeployNetwork.Derive(net, new TrainingImages()));
        Assert.Contains("crop_size", error.Message, StringComparison.Ordinal);
    }

    private static NetParameter Seed() => NetFile.Load(Path.Combine(GoldenFolder.Repository, "tests", "Shared", "Seed", "train_val.prototxt")).Message;

    private static string Outline(LayerParameter layer) => $"{layer.Name} {layer.Type} {string.Join(",", layer.Top)}";
}
