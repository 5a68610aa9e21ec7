using System.Text.Json;
using Cortado.Backends;
using Cortado.Formats;
using Cortado.Nets;
using Cortado.Tensors;

namespace Cortado.Tests.Conformance;

/// <summary>One case of layers.json: a network around one layer, what went in, and what Caffe got out.</summary>
internal sealed class LayerCase
{
    private const string Binary = "layers.bin";

    private readonly JsonElement _json;
    private readonly GoldenArray[] _arrays;

    private LayerCase(JsonElement json)
    {
        _json = json;
        _arrays = GoldenArray.ReadAll(json.GetProperty("arrays"), Binary);
    }

    private static IEnumerable<JsonElement> All =>
        GoldenFolder.Index("layers.json") is { } index ? index.GetProperty("cases").EnumerateArray() : [];

    public static IEnumerable<string> Names => All.Select(json => json.GetProperty("name").GetString()!);

    public static LayerCase Find(string name) => new(All.Single(json => json.GetProperty("name").GetString() == name));

    /// <summary>Runs the network and finds what differs from Caffe.</summary>
    public Findings Run(IBackend backend, bool fusion)
    {
        var findings = new Findings();
        using Net net = Build(backend, fusion);
        foreach (GoldenArray input in With("input"))
        {
            Blob blob = net.Blob(input.Name);
            blob.Reshape(new Shape(input.Shape));
            input.Values.CopyTo(blob.WriteData());
        }
        foreach (GoldenArray param in With("param"))
            param.Values.CopyTo(Param(net, param).WriteData());
        net.WeightsChanged();

        for (int call = 0; call < _json.GetProperty("forward_calls").GetInt32(); call++) net.Forward();
        string[] outputs = net.Outputs.Select(blob => blob.Name).ToArray(), expected = Outputs().ToArray();
        if (!outputs.ToHashSet().SetEquals(expected))
            findings.Add($"the network's outputs are {string.Join(", ", outputs)}; expected {string.Join(", ", expected)}.");
        foreach (GoldenArray output in With("output"))
            findings.Add(ArrayDifference.Describe(output.ToString(), output, net.Blob(output.Name).Shape, net.Blob(output.Name).ReadData()));
        foreach (GoldenArray param in With("param_after_forward"))
            findings.Add(ArrayDifference.Describe(param.ToString(), param, Param(net, param).Shape, Param(net, param).ReadData()));

        if (_json.GetProperty("backward").GetBoolean()) Backward(net, findings);
        return findings;
    }

    private void Backward(Net net, Findings findings)
    {
        foreach (GoldenArray top in With("top_diff"))
        {
            Blob blob = net.Blob(top.Name);
            if (IsLoss(net, blob))
                // Nobody gives a loss its gradient: the network itself must have put its weight there.
                findings.Add(ArrayDifference.Describe(top.ToString(), top, blob.Shape, blob.ReadDiff()));
            top.Values.CopyTo(blob.WriteDiff());
        }
        net.ClearParamDiffs();
        net.Backward();
        foreach (GoldenArray bottom in With("bottom_diff"))
            findings.Add(ArrayDifference.Describe(bottom.ToString(), bottom, net.Blob(bottom.Name).Shape, net.Blob(bottom.Name).ReadDiff()));
        foreach (GoldenArray param in With("param_diff"))
            findings.Add(ArrayDifference.Describe(param.ToString(), param, Param(net, param).Shape, Param(net, param).ReadDiff()));
    }

    private Net Build(IBackend backend, bool fusion)
    {
        NetParameter prototxt = NetFile.Parse(_json.GetProperty("prototxt").GetString()!, "case.prototxt").Message;
        Phase phase = _json.GetProperty("phase").GetString() == "TRAIN" ? Phase.Train : Phase.Test;
        return Net.Build(prototxt, new NetOptions { Backend = backend, State = new NetState { Phase = phase }, Fusion = fusion });
    }

    private static Blob Param(Net net, GoldenArray array)
    {
        NetLayer layer = net.FindLayer(array.Name) ?? throw new InvalidDataException($"The network has no layer '{array.Name}'.");
        if (array.Index >= layer.Layer.Blobs.Count)
            Assert.Fail($"layer '{array.Name}' has {layer.Layer.Blobs.Count} learnable blobs; expected one of index {array.Index}.");
        Blob blob = layer.Layer.Blobs[array.Index];
        if (!blob.Shape.ToArray().SequenceEqual(array.Shape))
            Assert.Fail($"learnable blob {array.Index} of layer '{array.Name}' has shape {blob.Shape}; expected ({string.Join(", ", array.Shape)}).");
        return blob;
    }

    private static bool IsLoss(Net net, Blob blob)
    {
        foreach (NetLayer layer in net.Layers)
            for (int i = 0; i < layer.Tops.Length; i++)
                if (layer.Tops[i] == blob) return layer.Layer.DefaultLossWeight(i) != 0;
        return false;
    }

    private IEnumerable<string> Outputs() => _json.GetProperty("outputs").EnumerateArray().Select(name => name.GetString()!);

    private IEnumerable<GoldenArray> With(string role) => _arrays.Where(array => array.Role == role);
}
