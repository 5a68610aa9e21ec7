using Cortado.Backends.Cpu;
using Cortado.Formats;
using Cortado.Inference;
using Cortado.Nets;
using Cortado.Tests.Solvers;

namespace Cortado.Tests.Inference;

public sealed class NetworkExportTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly CpuBackend _backend = new(1);

    public void Dispose()
    {
        _backend.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void ThreeFilesOfOneNameClassifyByThemselves()
    {
        string net = Path.Combine(GoldenFolder.Repository, "tests", "Shared", "Seed", "train_val.prototxt");
        PrototxtDocument<NetParameter> document = NetFile.Load(net);
        DeployNetwork deploy = DeployNetwork.Derive(document.Message, new TrainingImages());
        using (Net built = Net.Build(deploy.Net, new NetOptions { Backend = _backend })) WeightSaver.Save(built, _folder.File("snapshot_iter_1.caffemodel"));
        File.WriteAllLines(_folder.File("labels.txt"), ["ball", "box"]);
        ExportedNetwork exported = NetworkExport.Write(net, _folder.File("snapshot_iter_1.caffemodel"), _folder.File("labels.txt"), _folder.File("Gate"), null);
        Assert.Equal(["Gate.caffemodel", "Gate.labels.txt", "Gate.prototxt"], Directory.GetFiles(_folder.Path, "Gate*").Select(Path.GetFileName).Order(StringComparer.Ordinal));
        using Classifier classifier = Classifier.Load(exported.Model, exported.Weights, new ClassifierOptions { Backend = _backend, Labels = exported.Labels });
        Assert.Equal(["ball", "box"], classifier.Labels);
        Assert.Empty(classifier.Notes);
    }

    [Fact]
    public void CancelledItLeavesWhatWasThere()
    {
        string net = Path.Combine(GoldenFolder.Repository, "tests", "Shared", "Seed", "train_val.prototxt");
        File.WriteAllBytes(_folder.File("snapshot_iter_1.caffemodel"), new byte[100]);
        File.WriteAllText(_folder.File("Gate.caffemodel"), "an older one");
        string[] before = Directory.GetFiles(_folder.Path);
        Assert.Throws<OperationCanceledException>(() => NetworkExport.Write(net, _folder.File("snapshot_iter_1.caffemodel"), null, _folder.File("Gate"), null, new CancellationToken(canceled: true)));
        Assert.Equal("an older one", File.ReadAllText(_folder.File("Gate.caffemodel")));
        Assert.Equal(before.Order(StringComparer.Ordinal), Directory.GetFiles(_folder.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void TheAskersNetworkIsSummedUp()
    {
        PrototxtDocument<NetParameter> document = NetFile.Load(Path.Combine(GoldenFolder.Repository, "tests", "Shared", "Seed", "train_val.prototxt"));
        NetworkSummary summary = NetworkSummary.Of(document, _backend);
        Assert.Equal("1x3x70x70", summary.Input);
        Assert.Equal("1x96x15x15", summary.Layers.Single(layer => layer.Name == "conv1").Output);
        Assert.Equal(96 * 3 * 11 * 11 + 96, summary.Layers.Single(layer => layer.Name == "conv1").Parameters);
        Assert.Equal(summary.Layers.Sum(layer => layer.Parameters), summary.Parameters);
        // Counted by hand: 34944 + 307456 + 885120 + 663936 + 442624 of the convolutions, 9441280 + 16781312 + 8194 of the rest.
        Assert.Equal(28_564_866, summary.Parameters);
        Assert.Contains("crop 70 x 70 from the centre", summary.Preparation);
    }

    [Fact]
    public void AWrongLayerIsNamedWithItsLine()
    {
        const string Text = "layer { name: 'in' type: 'Input' top: 'data' input_param { shape { dim: 1 dim: 3 dim: 4 dim: 4 } } }\nlayer { name: 'big' type: 'Convolution' bottom: 'data' top: 'c' convolution_param { num_output: 2 kernel_size: 9 } }\n";
        string message = Assert.Throws<CortadoException>(() => NetworkSummary.Of(NetFile.Parse(Text, "a.prototxt"), _backend)).Message;
        Assert.Contains("a.prototxt:2", message, StringComparison.Ordinal);
    }
}
