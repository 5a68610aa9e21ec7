using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>
/// The same values under another shape. In <c>reshape_param.shape</c> a 0 keeps the bottom's extent and one -1 takes what is left;
/// <c>axis</c> and <c>num_axes</c> say which of the bottom's axes are replaced (all, by default).
/// </summary>
public sealed class ReshapeLayer : Layer
{
    /// <summary>Creates the layer.</summary>
    public ReshapeLayer(LayerParameter parameter, LayerContext context) : base(parameter, context) { }

    /// <inheritdoc/>
    public override void Reshape(Blob[] bottom, Blob[] top)
    {
        if (top[0] == bottom[0]) throw Error($"the top cannot be the bottom ('{top[0].Name}'): give it another name.");
        Shape shape = NewShape(bottom[0]);
        if (shape.Count != bottom[0].Count)
            throw Error($"'{bottom[0].Name}' is {bottom[0].Shape}; it cannot become {shape}: the counts differ.");
        top[0].Reshape(shape);
        top[0].ShareData(bottom[0]);
        top[0].ShareDiff(bottom[0]);
    }

    /// <summary>Nothing to do: the data is the same.</summary>
    public override void Forward(Blob[] bottom, Blob[] top) { }

    /// <summary>Nothing to do: the gradient is the same.</summary>
    public override void Backward(Blob[] top, bool[] propagateDown, Blob[] bottom) { }

    private Shape NewShape(Blob bottom)
    {
        ReshapeParameter settings = Parameter.ReshapeParam ?? new ReshapeParameter();
        Shape shape = bottom.Shape;
        int start = settings.Axis >= 0 ? settings.Axis : shape.Rank + settings.Axis + 1;
        if (start < 0 || start > shape.Rank)
            throw Error($"axis is {settings.Axis}; '{bottom.Name}' is {shape}, so {-shape.Rank - 1} to {shape.Rank} is expected.");
        int end = settings.NumAxes == -1 ? shape.Rank : start + settings.NumAxes;
        if (settings.NumAxes < -1 || end > shape.Rank)
            throw Error($"num_axes is {settings.NumAxes} from axis {start} on; '{bottom.Name}' is {shape}, so at most {shape.Rank - start} is expected, or -1 for all.");

        int wanted = settings.Shape?.Dim.Count ?? 0, inferred = -1;
        int[] dims = new int[start + wanted + shape.Rank - end];
        for (int i = 0; i < start; i++) dims[i] = shape[i];
        for (int i = end; i < shape.Rank; i++) dims[i - end + start + wanted] = shape[i];
        for (int i = 0; i < wanted; i++)
        {
            long dim = settings.Shape!.Dim[i];
            if (dim == 0 && start + i >= shape.Rank)
                throw Error($"dim {i} of the new shape is 0, which keeps the bottom's extent, but '{bottom.Name}' ({shape}) has no axis {start + i}.");
            if (dim < -1 || dim > int.MaxValue) throw Error($"dim {i} of the new shape is {dim}; expected 0, -1 or a positive number.");
            if (dim == -1 && inferred >= 0) throw Error("the new shape has more than one -1; only one extent can be inferred.");
            if (dim == -1) inferred = start + i;
            dims[start + i] = dim == 0 ? shape[start + i] : dim == -1 ? 1 : (int)dim;
        }
        if (inferred < 0) return new Shape(dims);
        int others = new Shape(dims).Count;
        if (others == 0 || shape.Count % others != 0)
            throw Error($"no extent can be inferred for -1: '{bottom.Name}' ({shape}) has {shape.Count} values, which the other extents' product {others} does not divide.");
        dims[inferred] = shape.Count / others;
        return new Shape(dims);
    }
}
