using Cortado.Backends.Cpu;
using Cortado.Data;
using Cortado.Inference;
using UnityEngine;

namespace Cortado.Unity.Tests.Runtime;

public sealed class NetworkAssetTests
{
    [Fact]
    public void Files_tell_where_it_came_from()
    {
        using var stage = new Stage();
        string snapshot = Path.Combine(stage.Folder, "ball_or_box_iter_1200.caffemodel");
        File.Copy(Stage.Weights, snapshot);
        File.SetLastWriteTimeUtc(snapshot, new DateTime(2026, 11, 26, 6, 7, 8, DateTimeKind.Utc));
        NetworkAsset network = NetworkAsset.FromFiles(stage.Deploy, snapshot);
        Assert.Equal((snapshot, 1200, "2026-11-26T06:07:08Z"), (network.SourcePath, network.Iteration, network.TrainedOn));
        Assert.Equal(new[] { "ball", "box" }, network.Labels);
        Assert.Equal(new FileInfo(snapshot).Length, network.WeightBytes);
        Assert.Contains("transform_param", network.Deploy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_an_error_for_people()
    {
        using var stage = new Stage();
        string nowhere = Path.Combine(stage.Folder, "none.caffemodel");
        Assert.Contains("none.caffemodel", Assert.Throws<CortadoException>(() => NetworkAsset.FromFiles(stage.Deploy, nowhere)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_training_network_becomes_a_deploy_network()
    {
        using var stage = new Stage();
        string train = Path.Combine(stage.Folder, "train.prototxt");
        string deploy = File.ReadAllText(stage.Deploy);
        int end = deploy.IndexOf("layer", deploy.IndexOf("layer", StringComparison.Ordinal) + 5, StringComparison.Ordinal);
        File.WriteAllText(train, """
            layer { name: "data" type: "MemoryData" top: "data" top: "label" transform_param { scale: 0.004 } memory_data_param { batch_size: 5 channels: 3 height: 70 width: 70 } }

            """ + deploy[end..].Replace("\"Softmax\"", "\"SoftmaxWithLoss\"", StringComparison.Ordinal).Replace("top: \"prob\"", "bottom: \"label\" top: \"loss\"", StringComparison.Ordinal));
        NetworkAsset network = NetworkAsset.FromFiles(train, Stage.Weights);
        using var backend = new CpuBackend(1);
        using Classifier classifier = Classifier.Load(network.Describe(), backend);
        var top = new ClassScore[2];
        Image picture = NoisePainter.Picture(70, 70, 1);
        classifier.Classify(picture, top);
        Assert.Equal(stage.Expected(picture), top);
    }

    [Theory]
    [InlineData("text asset")]
    [InlineData("bytes")]
    public void Weights_in_memory_are_read_in_place(string kind)
    {
        using var stage = new Stage();
        var network = ScriptableObject.CreateInstance<NetworkAsset>();
        network.Fill(NetworkParts.Read(stage.Deploy, Stage.Weights, null));
        byte[] bytes = File.ReadAllBytes(Stage.Weights);
        if (kind == "bytes") network.SetWeights(bytes);
        else network.SetWeights(new TextAsset(bytes));
        Assert.Equal(bytes.Length, network.WeightBytes);

        long fromMemory = AllocatedByLoading(network), fromFile = AllocatedByLoading(stage.Network());
        Assert.InRange(fromMemory, 0, fromFile + bytes.Length / 20);
    }

    [Fact]
    public void An_empty_asset_says_what_to_do()
    {
        using var stage = new Stage();
        var network = ScriptableObject.CreateInstance<NetworkAsset>();
        network.name = "Nothing";
        Assert.Contains("Nothing: the network asset is empty", Assert.Throws<CortadoException>(() => network.Describe()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mean_image_goes_with_the_network()
    {
        using var stage = new Stage("transform_param { mean_file: \"mean.binaryproto\" scale: 0.004 }");
        var values = new float[3 * 70 * 70];
        for (int i = 0; i < values.Length; i++) values[i] = i % 200;
        new MeanImage(values, 3, 70, 70, "mean").Write(Path.Combine(stage.Folder, "mean.binaryproto"));
        NetworkAsset network = stage.Network();
        Image picture = NoisePainter.Picture(70, 70, 1);
        ClassScore[] expected = stage.Expected(picture);
        File.Delete(Path.Combine(stage.Folder, "mean.binaryproto"));
        using var backend = new CpuBackend(1);
        using Classifier classifier = Classifier.Load(network.Describe(), backend);
        var top = new ClassScore[2];
        classifier.Classify(picture, top);
        Assert.Equal(expected, top);
    }

    private static long AllocatedByLoading(NetworkAsset network)
    {
        using var backend = new CpuBackend(1);
        Classifier.Load(network.Describe(), backend).Dispose();
        TrainedNetwork described = network.Describe();
        long before = GC.GetAllocatedBytesForCurrentThread();
        using Classifier classifier = Classifier.Load(described, backend);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
