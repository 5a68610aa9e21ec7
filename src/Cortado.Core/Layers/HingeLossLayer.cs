using Cortado.Backends.Contracts;
using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>One-against-all hinge loss of scores (bottom 0) and labels (bottom 1), L1 or L2, over the batch size.</summary>
public sealed class HingeLossLayer : LossLayer
{
    private readonly OperatorSlot<ILabelLoss> _loss;

    /// <summary>Creates the layer.</summary>
    public HingeLossLayer(LayerParameter parameter, LayerContext context) : base(parameter, context) => _loss = Slot<ILabelLoss>();

    /// <inheritdoc/>
    public override void Reshape(Blob[] bottom, Blob[] top)
    {
        base.Reshape(bottom, top);
        int batch = BatchOfSingleLabels(bottom);
        _loss.Prepare(Backend, new HingeLossSpec(batch, bottom[0].Shape.CountFrom(1), Parameter.HingeLossParam?.Norm == HingeLossParameter.Types.Norm.L2));
    }

    /// <inheritdoc/>
    protected override void ForwardLoss(Blob[] bottom, Blob[] top) => _loss.Operator.Forward(bottom[0].Data, bottom[1].Data, top[0].Data);

    /// <inheritdoc/>
    protected override void BackwardLoss(Blob[] top, bool[] propagateDown, Blob[] bottom)
    {
        if (propagateDown[0]) _loss.Operator.Backward(bottom[0].Data, bottom[1].Data, top[0].Diff, bottom[0].Diff);
    }
}
