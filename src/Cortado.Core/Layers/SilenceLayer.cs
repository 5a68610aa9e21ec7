using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>Reads blobs so that they are not outputs of the network. Their gradient is zero.</summary>
public sealed class SilenceLayer : Layer
{
    /// <summary>Creates the layer.</summary>
    public SilenceLayer(LayerParameter parameter, LayerContext context) : base(parameter, context) { }

    /// <inheritdoc/>
    public override BlobCounts Counts => new(1, BlobCounts.Any, 0, 0);

    /// <inheritdoc/>
    public override void Reshape(Blob[] bottom, Blob[] top) { }

    /// <inheritdoc/>
    public override void Forward(Blob[] bottom, Blob[] top) { }

    /// <inheritdoc/>
    public override void Backward(Blob[] top, bool[] propagateDown, Blob[] bottom)
    {
        for (int i = 0; i < bottom.Length; i++)
            if (propagateDown[i]) bottom[i].Diff.Clear();
    }
}
