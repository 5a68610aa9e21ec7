using System.Text.Json;
using Cortado.Backends;
using Cortado.Formats;
using Cortado.Lmdb;
using Cortado.Nets;
using Cortado.Tensors;

namespace Cortado.Tests.Conformance;

/// <summary>What the Data and ImageData layers give from databases and images, batch after batch.</summary>
public class DataConformance
{
    private const string Index = "data/data.json", Binary = "data/data.bin";

    public static TheoryData<string> Cases => new(All.Select(json => json.GetProperty("name").GetString()!));

    private static IEnumerable<JsonElement> All =>
        GoldenFolder.Index(Index) is { } index ? index.GetProperty("cases").EnumerateArray() : [];

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Cases))]
    public void Batches(string name)
    {
        JsonElement json = All.Single(candidate => candidate.GetProperty("name").GetString() == name);
        using IBackend backend = TestBackend.Create();
        using Net net = Net.Build(NetFile.Parse(json.GetProperty("prototxt").GetString()!, name).Message, new NetOptions
        {
            Backend = backend,
            State = new NetState { Phase = json.GetProperty("phase").GetString() == "TRAIN" ? Phase.Train : Phase.Test },
            Databases = new LmdbProvider(),
            // Sources in the index are relative to its folder.
            FileName = GoldenFolder.PathOf("data/case.prototxt"),
        });
        var findings = new Findings();
        string forwarded = "";
        foreach (GoldenArray expected in GoldenArray.ReadAll(json.GetProperty("batches"), Binary))
        {
            // Arrays are named by blob and batch: data_0, label_0, data_1, ...
            int split = expected.Name.LastIndexOf('_');
            if (forwarded != expected.Name[split..]) net.Forward();
            forwarded = expected.Name[split..];
            Blob blob = net.Blob(expected.Name[..split]);
            findings.Add(ArrayDifference.Describe(expected.Name, expected, blob.Shape, blob.ReadData()));
        }
        findings.Check();
    }

    [Fact]
    public void Mean()
    {
        if (GoldenFolder.Index(Index) is not { } index || !index.TryGetProperty("mean", out JsonElement mean)) return;
        GoldenArray expected = GoldenArray.Read(mean, Binary);
        BinaryProtoFile found = BinaryProtoFile.Load(GoldenFolder.PathOf("data/" + index.GetProperty("mean_file").GetString()));
        Assert.Equal(expected.Values, found.Data);
        // A mean file is an old four-axis blob of one image.
        Assert.Equal(expected.Shape, found.Shape.Skip(found.Shape.Count - expected.Shape.Length));
    }
}
