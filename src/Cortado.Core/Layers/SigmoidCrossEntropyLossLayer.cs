using Cortado.Backends.Contracts;
using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>Cross entropy of the sigmoid of logits (bottom 0) against targets in [0, 1] (bottom 1), by default over the batch size.</summary>
public sealed class SigmoidCrossEntropyLossLayer : LossLayer
{
    private readonly OperatorSlot<ILabelLoss> _loss;

    /// <summary>Creates the layer.</summary>
    public SigmoidCrossEntropyLossLayer(LayerParameter parameter, LayerContext context) : base(parameter, context) => _loss = Slot<ILabelLoss>();

    /// <inheritdoc/>
    public override void Reshape(Blob[] bottom, Blob[] top)
    {
        base.Reshape(bottom, top);
        if (bottom[0].Count != bottom[1].Count)
            throw Error($"there must be one target for each logit: '{bottom[0].Name}' is {bottom[0].Shape}, '{bottom[1].Name}' is {bottom[1].Shape}.");
        Shape shape = bottom[0].Shape;
        _loss.Prepare(Backend, new SigmoidCrossEntropyLossSpec(shape[0], shape.CountFrom(1), Normalization(LossNormalization.BatchSize), IgnoreLabel));
    }

    /// <inheritdoc/>
    protected override void ForwardLoss(Blob[] bottom, Blob[] top) => _loss.Operator.Forward(bottom[0].Data, bottom[1].Data, top[0].Data);

    /// <inheritdoc/>
    protected override void BackwardLoss(Blob[] top, bool[] propagateDown, Blob[] bottom)
    {
        if (propagateDown[0]) _loss.Operator.Backward(bottom[0].Data, bottom[1].Data, top[0].Diff, bottom[0].Diff);
    }
}
