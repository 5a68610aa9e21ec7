using Cortado.Backends.Contracts;
using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>
/// The transpose of a convolution: it runs one backwards, from its top to its bottom. Bottom (N, C, H, W), top (N, num_output, H', W') with
/// H' = stride (H - 1) + dilation (kernel - 1) + 1 - 2 pad; weights (C, num_output / group, kernel_h, kernel_w).
/// </summary>
public sealed class DeconvolutionLayer : ConvolutionLayerBase
{
    private readonly OperatorSlot<IChannelAffine> _bias;

    /// <summary>Creates the layer.</summary>
    public DeconvolutionLayer(LayerParameter parameter, LayerContext context) : base(parameter, context) => _bias = Slot<IChannelAffine>();

    private protected override bool Reversed => true;

    /// <inheritdoc/>
    public override void Reshape(Blob[] bottom, Blob[] top)
    {
        base.Reshape(bottom, top);
        Shape shape = top[0].Shape;
        if (Bias != null) _bias.Prepare(Backend, new ChannelAffineSpec(shape[0], shape[1], shape.CountFrom(2)));
    }

    /// <inheritdoc/>
    public override void Forward(Blob[] bottom, Blob[] top)
    {
        for (int i = 0; i < bottom.Length; i++)
        {
            Convolution.BackwardData(bottom[i].Data, Weights, top[i].Data);
            if (Bias != null) _bias.Operator.Forward(top[i].Data, null, Bias, top[i].Data);
        }
    }

    /// <inheritdoc/>
    public override void Backward(Blob[] top, bool[] propagateDown, Blob[] bottom)
    {
        DeviceBuffer? weightsDiff = WeightsDiff, biasDiff = BiasDiff;
        for (int i = 0; i < top.Length; i++)
        {
            // The convolution's input is the top and its output the bottom; its own bias gradient would be the bottom's.
            if (biasDiff != null) _bias.Operator.BackwardBias(top[i].Diff, biasDiff, accumulate: true);
            if (weightsDiff != null) Convolution.BackwardWeights(top[i].Diff, bottom[i].Data, weightsDiff, null);
            if (propagateDown[i]) Convolution.Forward(top[i].Diff, Weights, null, bottom[i].Diff);
        }
    }
}
