using Cortado.Nets;
using Cortado.Tensors;

namespace Cortado.Cli.Timing;

/// <summary>
/// The floating-point operations of a layer's pass, counting a multiplication and an addition as two. Only convolutions and
/// inner products are counted: everything else is bound by memory, and its share of a network's operations is under a hundredth. A convolution counts as
/// computed directly, whatever computes it.
/// </summary>
internal static class LayerWork
{
    /// <summary>Operations of the forward pass; 0 where they are not counted.</summary>
    public static long Forward(NetLayer placed)
    {
        if (placed.Layer.Blobs.Count == 0) return 0;
        Shape weights = placed.Layer.Blobs[0].Shape;
        switch (placed.Layer.Type)
        {
            // Each output takes one product for each weight of its channel; a deconvolution is the same with its sides swapped.
            case "Convolution": return 2L * weights.CountFrom(1) * Sum(placed.Tops);
            case "Deconvolution": return 2L * weights.CountFrom(1) * Sum(placed.Bottoms);
            case "InnerProduct": return 2L * weights.Count * placed.Tops[0].Count / placed.Layer.Parameter.InnerProductParam.NumOutput;
            default: return 0;
        }
    }

    /// <summary>Operations of the backward pass: as many as forward for the weights, and again for the bottom, where each is wanted.</summary>
    public static long Backward(NetLayer placed)
    {
        if (!placed.NeedsBackward || placed.Layer.Blobs.Count == 0) return 0;
        bool[] wanted = placed.Layer.ParamPropagateDown;
        int passes = (wanted.Length == 0 || wanted[0] ? 1 : 0) + (placed.PropagateDown.Length > 0 && placed.PropagateDown[0] ? 1 : 0);
        return passes * Forward(placed);
    }

    /// <summary>Bytes that the forward pass reads and writes at least: bottoms, weights and tops, once each.</summary>
    public static long ForwardBytes(NetLayer placed)
    {
        long floats = Sum(placed.Bottoms) + Sum(placed.Tops);
        foreach (Blob blob in placed.Layer.Blobs) floats += blob.Count;
        return floats * sizeof(float);
    }

    /// <summary>
    /// Bytes that the backward pass reads and writes at least: the tops' gradients and the bottoms, the bottoms' gradients where wanted, weights read, and
    /// their gradients read and written.
    /// </summary>
    public static long BackwardBytes(NetLayer placed)
    {
        if (!placed.NeedsBackward) return 0;
        long floats = Sum(placed.Tops) + Sum(placed.Bottoms);
        for (int i = 0; i < placed.Bottoms.Length; i++)
            if (placed.PropagateDown[i]) floats += placed.Bottoms[i].Count;
        foreach (Blob blob in placed.Layer.Blobs) floats += 3L * blob.Count;
        return floats * sizeof(float);
    }

    private static long Sum(Blob[] blobs)
    {
        long sum = 0;
        foreach (Blob blob in blobs) sum += blob.Count;
        return sum;
    }
}
