using Cortado.Backends.Contracts;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>The rule of Scale and Bias for how a smaller blob lies along a larger one: its axes are those from <c>axis</c> on.</summary>
internal static class Broadcast
{
    /// <summary>The shape of a learned blob along axes [axis, axis + numAxes) of <paramref name="blob"/>; -1 for all the rest.</summary>
    public static Shape LearnedShape(Layer layer, Blob blob, int axis, int numAxes)
    {
        int start = layer.CanonicalAxis(blob, axis, "axis");
        int end = numAxes == -1 ? blob.Shape.Rank : start + numAxes;
        if (numAxes < -1 || end > blob.Shape.Rank)
            throw layer.Error($"num_axes is {numAxes} from axis {start} on; '{blob.Name}' is {blob.Shape}, so at most {blob.Shape.Rank - start} is expected, or -1 for all.");
        return new Shape(blob.Shape.ToArray().AsSpan(start, end - start).ToArray());
    }

    /// <summary>The spec for <paramref name="small"/> along <paramref name="blob"/>. A scalar goes everywhere, whatever the axis.</summary>
    public static ChannelAffineSpec Spec(Layer layer, Blob blob, Blob small, int axis)
    {
        Shape shape = blob.Shape;
        int start = small.Shape.Rank == 0 ? 0 : layer.CanonicalAxis(blob, axis, "axis"), end = start + small.Shape.Rank;
        bool fits = end <= shape.Rank;
        for (int i = start; fits && i < end; i++) fits = shape[i] == small.Shape[i - start];
        if (!fits)
            throw layer.Error($"'{small.Name}' ({small.Shape}) does not fit '{blob.Name}' ({shape}) from axis {start} on: the extents must be the same.");
        return new ChannelAffineSpec(shape.CountBetween(0, start), small.Count, shape.CountFrom(end));
    }
}
