using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>Joins axes <c>axis</c> to <c>end_axis</c> into one: the same values under another shape.</summary>
public sealed class FlattenLayer : Layer
{
    /// <summary>Creates the layer.</summary>
    public FlattenLayer(LayerParameter parameter, LayerContext context) : base(parameter, context) { }

    /// <inheritdoc/>
    public override void Reshape(Blob[] bottom, Blob[] top)
    {
        if (top[0] == bottom[0]) throw Error($"the top cannot be the bottom ('{top[0].Name}'): give it another name.");
        FlattenParameter settings = Parameter.FlattenParam ?? new FlattenParameter();
        Shape shape = bottom[0].Shape;
        int start = CanonicalAxis(bottom[0], settings.Axis, "axis"), end = CanonicalAxis(bottom[0], settings.EndAxis, "end_axis");
        if (end < start) throw Error($"end_axis {settings.EndAxis} comes before axis {settings.Axis} in '{bottom[0].Name}' ({shape}).");
        int[] dims = new int[shape.Rank - (end - start)];
        for (int i = 0; i < dims.Length; i++)
            dims[i] = i < start ? shape[i] : i == start ? shape.CountBetween(start, end + 1) : shape[i + end - start];
        top[0].Reshape(new Shape(dims));
        top[0].ShareData(bottom[0]);
        top[0].ShareDiff(bottom[0]);
    }

    /// <summary>Nothing to do: the data is the same.</summary>
    public override void Forward(Blob[] bottom, Blob[] top) { }

    /// <summary>Nothing to do: the gradient is the same.</summary>
    public override void Backward(Blob[] top, bool[] propagateDown, Blob[] bottom) { }
}
