using System.Text.Json;
using Cortado.Backends;
using Cortado.Formats;
using Cortado.Nets;
using Cortado.Tensors;

namespace Cortado.Tests.Conformance;

/// <summary>The asker's network in small with weights that Caffe wrote: every blob and the answer.</summary>
public class SeedSmallConformance
{
    private const string Folder = "seed_small/";

    public static TheoryData<string> Blobs => Names("blobs");

    public static TheoryData<string> Params => Names("params");

    private static JsonElement? Index => GoldenFolder.Index(Folder + "index.json");

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Blobs))]
    public void Blob(string name)
    {
        using IBackend backend = TestBackend.Create();
        // Without fusion, as each blob of the listing is to be seen; with it, the last of each chain is the same.
        using Net net = Deploy(backend, fusion: false);
        net.Forward();
        var findings = new Findings();
        BlobSummary.Compare(findings, name, Index!.Value.GetProperty("blobs").GetProperty(name), net.Blob(name).Shape, net.Blob(name).ReadData());
        findings.Check();
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Params))]
    public void Param(string layer)
    {
        using IBackend backend = TestBackend.Create();
        using Net net = Deploy(backend, fusion: true);
        var findings = new Findings();
        int index = 0;
        foreach (JsonElement expected in Index!.Value.GetProperty("params").GetProperty(layer).EnumerateArray())
        {
            Blob blob = net.FindLayer(layer)!.Layer.Blobs[index];
            BlobSummary.Compare(findings, $"{layer}[{index++}]", expected, blob.Shape, blob.ReadData(), 1e-12);
        }
        findings.Check();
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Answers))]
    public void Answer(string blob, bool fusion, bool frozen)
    {
        using IBackend backend = TestBackend.Create();
        using Net net = Deploy(backend, fusion, frozen);
        net.Forward();
        float[] expected = Index!.Value.GetProperty(blob).EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(value => value.GetSingle()).ToArray();
        var findings = new Findings();
        findings.Add(ArrayDifference.Describe(blob, expected, net.Blob(blob).ReadData()));
        if (blob == "prob") findings.Add(ArrayDifference.Describe("prob.f32", GoldenFolder.Floats(Folder + "prob.f32"), net.Blob(blob).ReadData()));
        findings.Check();
    }

    public static TheoryData<string, bool, bool> Answers()
    {
        var cases = new TheoryData<string, bool, bool>();
        if (Index == null) return cases;
        foreach (string blob in new[] { "fc8", "prob" })
            foreach (bool fusion in new[] { false, true })
                foreach (bool frozen in new[] { false, true }) cases.Add(blob, fusion, frozen);
        return cases;
    }

    private static Net Deploy(IBackend backend, bool fusion, bool frozen = false)
    {
        Net net = Net.Build(NetFile.Load(GoldenFolder.PathOf(Folder + "deploy.prototxt")).Message, new NetOptions
        {
            Backend = backend,
            Fusion = fusion,
            FrozenWeights = frozen,
        });
        WeightReport report = WeightLoader.Load(net, GoldenFolder.PathOf(Folder + "seed_small.caffemodel"));
        Assert.All(report.Lines, line => Assert.Equal(WeightOutcome.Loaded, line.Outcome));
        float[] input = GoldenFolder.Floats(Folder + "input.f32");
        Blob data = net.Blob("data");
        data.Reshape(new Shape(2, 3, 70, 70));
        input.CopyTo(data.WriteData());
        return net;
    }

    private static TheoryData<string> Names(string section) =>
        Index is { } index ? new TheoryData<string>(index.GetProperty(section).EnumerateObject().Select(entry => entry.Name)) : [];
}
