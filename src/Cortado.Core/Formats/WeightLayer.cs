namespace Cortado.Formats;

/// <summary>A layer of a weight file.</summary>
public sealed class WeightLayer
{
    internal WeightLayer(string name, string type, IReadOnlyList<WeightBlob> blobs)
    {
        Name = name;
        Type = type;
        Blobs = blobs;
    }

    /// <summary>The layer's name, by which weights are matched to a network.</summary>
    public string Name { get; }

    /// <summary>The layer's type in its current spelling (<c>Convolution</c>), also where the file is of an older generation.</summary>
    public string Type { get; }

    /// <summary>The learned arrays, in the layer's order (weights, then bias).</summary>
    public IReadOnlyList<WeightBlob> Blobs { get; }
}
