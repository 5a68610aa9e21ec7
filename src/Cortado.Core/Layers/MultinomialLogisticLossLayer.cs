using Cortado.Backends.Contracts;
using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>Logistic loss of probabilities (bottom 0: after a Softmax) and labels (bottom 1), over the batch size.</summary>
public sealed class MultinomialLogisticLossLayer : LossLayer
{
    private readonly OperatorSlot<ILabelLoss> _loss;

    /// <summary>Creates the layer.</summary>
    public MultinomialLogisticLossLayer(LayerParameter parameter, LayerContext context) : base(parameter, context) => _loss = Slot<ILabelLoss>();

    /// <inheritdoc/>
    public override void Reshape(Blob[] bottom, Blob[] top)
    {
        base.Reshape(bottom, top);
        int batch = BatchOfSingleLabels(bottom);
        _loss.Prepare(Backend, new MultinomialLogisticLossSpec(batch, bottom[0].Shape.CountFrom(1)));
    }

    /// <inheritdoc/>
    protected override void ForwardLoss(Blob[] bottom, Blob[] top) => _loss.Operator.Forward(bottom[0].Data, bottom[1].Data, top[0].Data);

    /// <inheritdoc/>
    protected override void BackwardLoss(Blob[] top, bool[] propagateDown, Blob[] bottom)
    {
        if (propagateDown[0]) _loss.Operator.Backward(bottom[0].Data, bottom[1].Data, top[0].Diff, bottom[0].Diff);
    }
}
