using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Nets;

/// <summary>Saves a network with its weights as Caffe does: every layer, inserted splits too, each with its blobs.</summary>
public static class WeightSaver
{
    /// <summary>Writes a .caffemodel that Caffe can load; an existing file is replaced only when all is on disk.</summary>
    /// <param name="net">The network.</param>
    /// <param name="path">The file.</param>
    /// <param name="writeDiff">Whether gradients are written too (<c>snapshot_diff</c>).</param>
    /// <exception cref="CortadoException">The file cannot be written, or would be larger than 2 GiB.</exception>
    public static void Save(Net net, string path, bool writeDiff = false)
    {
        var prototxt = new NetParameter { Name = net.Name };
        prototxt.Layer.AddRange(net.Plan.Layer);
        WeightFile.Write(path, prototxt, layer => Arrays(net.Layers[layer], writeDiff));
    }

    private static IReadOnlyList<WeightArray> Arrays(NetLayer layer, bool writeDiff)
    {
        if (layer.Layer.Blobs.Count == 0) return Array.Empty<WeightArray>();
        var arrays = new WeightArray[layer.Layer.Blobs.Count];
        for (int i = 0; i < arrays.Length; i++)
        {
            Blob blob = layer.Layer.Blobs[i];
            arrays[i] = new WeightArray(blob.Shape.ToArray(), blob.ReadData, writeDiff ? blob.ReadDiff : null);
        }
        return arrays;
    }
}
