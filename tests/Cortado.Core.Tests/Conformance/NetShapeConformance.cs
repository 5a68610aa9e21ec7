using System.Text.Json;
using Cortado.Backends;
using Cortado.Formats;
using Cortado.Nets;
using Cortado.Tensors;

namespace Cortado.Tests.Conformance;

/// <summary>Whole networks as Caffe builds them: layers with inserted splits, blobs, shapes, learnable blobs, inputs and outputs.</summary>
public class NetShapeConformance
{
    private const string Index = "netshapes/netshapes.json";

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (JsonElement json in All) cases.Add(Text(json, "name"), Text(json, "phase"));
            return cases;
        }
    }

    private static IEnumerable<JsonElement> All => GoldenFolder.Index(Index) is { } index ? index.EnumerateArray() : [];

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Cases))]
    public void Net(string name, string phase)
    {
        JsonElement expected = All.Single(json => Text(json, "name") == name && Text(json, "phase") == phase);
        using IBackend backend = TestBackend.Create();
        using var data = new OneImageDatabases();
        NetParameter prototxt = NetFile.Load(GoldenFolder.PathOf("netshapes/" + Text(expected, "file"))).Message;
        foreach (LayerParameter layer in PhaseFilter.Apply(prototxt, new NetState { Phase = phase == "TRAIN" ? Phase.Train : Phase.Test }).Layer)
            if (layer.Type == "Data")
                data.Make(layer, expected.GetProperty("blobs").GetProperty(layer.Top[0]).EnumerateArray().Select(dim => dim.GetInt32()).ToArray());
        using Net net = Nets.Net.Build(prototxt, new NetOptions
        {
            Backend = backend,
            State = new NetState { Phase = phase == "TRAIN" ? Phase.Train : Phase.Test },
            Databases = new Lmdb.LmdbProvider(),
            FileName = data.FileName,
        });
        var findings = new Findings();
        Compare(findings, "inputs", Strings(expected, "inputs"), net.Inputs.Select(blob => blob.Name));
        Compare(findings, "outputs", Strings(expected, "outputs"), net.Outputs.Select(blob => blob.Name));
        Compare(findings, "layers", expected.GetProperty("layers").EnumerateArray().Select(Describe), net.Layers.Select(Describe));
        Compare(findings, "blobs",
            expected.GetProperty("blobs").EnumerateObject().Select(blob => $"{blob.Name} {Dims(blob.Value)}"),
            net.Blobs.Select(blob => $"{blob.Name} {Dims(blob.Shape)}"));
        findings.Check();
    }

    private static void Compare(Findings findings, string what, IEnumerable<string> expected, IEnumerable<string> found)
    {
        string[] wanted = expected.ToArray(), got = found.ToArray();
        for (int i = 0; i < Math.Max(wanted.Length, got.Length); i++)
        {
            string one = i < wanted.Length ? wanted[i] : "nothing", other = i < got.Length ? got[i] : "nothing";
            if (one == other) continue;
            findings.Add($"{what}[{i}]: found {other}; expected {one}.");
            return;
        }
    }

    private static string Describe(JsonElement layer) =>
        $"{Text(layer, "name")} ({Text(layer, "type")}) {string.Join(",", Strings(layer, "bottom"))} -> {string.Join(",", Strings(layer, "top"))}"
        + string.Concat(layer.GetProperty("params").EnumerateArray().Select(param => " " + Dims(param)));

    private static string Describe(NetLayer layer) =>
        $"{layer.Layer.Name} ({layer.Layer.Type}) {string.Join(",", layer.Bottoms.Select(blob => blob.Name))} -> {string.Join(",", layer.Tops.Select(blob => blob.Name))}"
        + string.Concat(layer.Layer.Blobs.Select(param => " " + Dims(param.Shape)));

    private static string Dims(JsonElement dims) => $"({string.Join(" ", dims.EnumerateArray().Select(dim => dim.GetInt32()))})";

    private static string Dims(Shape shape) => $"({string.Join(" ", shape.ToArray())})";

    private static string[] Strings(JsonElement json, string name) => json.GetProperty(name).EnumerateArray().Select(text => text.GetString()!).ToArray();

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
