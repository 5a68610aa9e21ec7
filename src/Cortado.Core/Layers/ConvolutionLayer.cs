using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>
/// 2-D convolution with groups, stride, pad and dilation. Bottom (N, C, H, W), top (N, num_output, H', W') with
/// H' = floor((H + 2 pad - dilation (kernel - 1) - 1) / stride) + 1; weights (num_output, C / group, kernel_h, kernel_w).
/// </summary>
public sealed class ConvolutionLayer : ConvolutionLayerBase
{
    /// <summary>Creates the layer.</summary>
    public ConvolutionLayer(LayerParameter parameter, LayerContext context) : base(parameter, context) { }

    /// <inheritdoc/>
    public override bool CanFuseRelu => true;

    private protected override bool Reversed => false;

    /// <inheritdoc/>
    public override void Forward(Blob[] bottom, Blob[] top)
    {
        for (int i = 0; i < bottom.Length; i++) Convolution.Forward(bottom[i].Data, Weights, Bias, top[i].Data);
    }

    /// <inheritdoc/>
    public override void Backward(Blob[] top, bool[] propagateDown, Blob[] bottom)
    {
        DeviceBuffer? weightsDiff = WeightsDiff, biasDiff = BiasDiff;
        for (int i = 0; i < top.Length; i++)
        {
            if (weightsDiff != null || biasDiff != null) Convolution.BackwardWeights(bottom[i].Data, top[i].Diff, weightsDiff, biasDiff);
            if (propagateDown[i]) Convolution.BackwardData(top[i].Diff, Weights, bottom[i].Diff);
        }
    }
}
