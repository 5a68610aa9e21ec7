using Cortado.Backends;
using Cortado.Formats;
using Cortado.Layers;
using Cortado.Nets;
using Cortado.Tensors;

namespace Cortado.Inference;

/// <summary>One layer of a network as a table shows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Output">The shape of its first top, such as <c>1x96x15x15</c>.</param>
/// <param name="Parameters">Weights and biases.</param>
public sealed record LayerSummary(string Name, string Type, string Output, long Parameters);

/// <summary>What a network is made of: layers, shapes, parameters and memory, for one image at a time.</summary>
/// <param name="Name">The network's name.</param>
/// <param name="Layers">Its layers, in order.</param>
/// <param name="Input">The shape of its input.</param>
/// <param name="Parameters">Weights and biases in all.</param>
/// <param name="BlobBytes">Memory of all blobs between layers.</param>
/// <param name="Preparation">How an image is prepared, a line a step.</param>
/// <param name="Notes">What had to be assumed, a sentence each.</param>
public sealed record NetworkSummary(
    string Name, IReadOnlyList<LayerSummary> Layers, string Input, long Parameters, long BlobBytes, IReadOnlyList<string> Preparation, IReadOnlyList<string> Notes)
{
    /// <summary>Memory of the weights.</summary>
    public long ParameterBytes => Parameters * sizeof(float);

    /// <summary>Builds the network that classifies and measures it.</summary>
    /// <param name="document">A deploy network, or a training network, from which it is derived.</param>
    /// <param name="backend">Whose memory the network takes while it is measured.</param>
    /// <param name="images">What is known of the training's images, where the network is a training network.</param>
    /// <exception cref="CortadoException">The network is wrong; the message names the layer and its place.</exception>
    public static NetworkSummary Of(PrototxtDocument<NetParameter> document, IBackend backend, TrainingImages? images = null)
    {
        var notes = new List<string>(document.Warnings);
        NetParameter net = document.Message;
        if (DeployNetwork.IsNeeded(net))
        {
            DeployNetwork derived = DeployNetwork.Derive(net, images ?? new TrainingImages());
            notes.AddRange(derived.Notes);
            net = DeployNetwork.WithoutFillers(derived.Net);
        }
        using Net built = Net.Build(BatchOverride.Apply(net, 1), new NetOptions { Backend = backend, FrozenWeights = true, FileName = document.FileName, Locations = document.Locations });
        return new NetworkSummary(
            built.Name, Rows(built), built.Inputs.Count > 0 ? Text(built.Inputs[0].Shape) : "none", Count(built), BlobsOf(built), DeployFile.Steps(net), notes);
    }

    private static List<LayerSummary> Rows(Net net)
    {
        var rows = new List<LayerSummary>();
        foreach (NetLayer placed in net.Layers)
        {
            if (placed.Layer.Type == "Split") continue;
            long parameters = 0;
            foreach (Blob blob in placed.Layer.Blobs) parameters += blob.Count;
            rows.Add(new LayerSummary(placed.Layer.Name, placed.Layer.Type, placed.Tops.Length > 0 ? Text(placed.Tops[0].Shape) : "", parameters));
        }
        return rows;
    }

    private static long Count(Net net)
    {
        long sum = 0;
        foreach (LearnableParam param in net.Params) sum += param.Blob.Count;
        return sum;
    }

    private static long BlobsOf(Net net)
    {
        long sum = 0;
        foreach (Blob blob in net.Blobs) sum += blob.Count;
        return sum * sizeof(float);
    }

    private static string Text(Shape shape) => string.Join("x", shape.ToArray());
}
