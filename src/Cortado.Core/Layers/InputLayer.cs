using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>
/// The blobs that whoever runs the network fills: one shape for all tops, one for each, or none (then the caller reshapes
/// them). The prototxt's shapes count once; a top reshaped later keeps its new shape.
/// </summary>
public sealed class InputLayer : Layer
{
    /// <summary>Creates the layer.</summary>
    public InputLayer(LayerParameter parameter, LayerContext context) : base(parameter, context) { }

    /// <inheritdoc/>
    public override BlobCounts Counts { get; } = new(0, 0, 1, BlobCounts.Any);

    /// <inheritdoc/>
    public override void SetUp(Blob[] bottom, Blob[] top)
    {
        if (Parameter.InputParam == null) return;
        var shapes = Parameter.InputParam.Shape;
        if (shapes.Count > 1 && shapes.Count != top.Length)
            throw Error($"input_param has {shapes.Count} shapes for {top.Length} tops; expected one for all, one for each, or none.");
        for (int i = 0; i < top.Length && shapes.Count > 0; i++)
            top[i].Reshape(LayerNumbers.ToShape(shapes[shapes.Count == 1 ? 0 : i], Name));
    }

    /// <inheritdoc/>
    public override void Reshape(Blob[] bottom, Blob[] top) { }

    /// <inheritdoc/>
    public override void Forward(Blob[] bottom, Blob[] top) { }

    /// <inheritdoc/>
    public override void Backward(Blob[] top, bool[] propagateDown, Blob[] bottom) { }
}
