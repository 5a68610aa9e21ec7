using Cortado.Backends.Contracts;
using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>
/// Softmax over an axis and the multinomial logistic loss of its probabilities: bottoms are scores and labels, tops the loss
/// and, where wanted, the probabilities.
/// </summary>
public sealed class SoftmaxWithLossLayer : LossLayer
{
    private readonly OperatorSlot<ISoftmax> _softmax;
    private readonly OperatorSlot<ISoftmaxLoss> _loss;
    private readonly Blob _probabilities;

    /// <summary>Creates the layer.</summary>
    public SoftmaxWithLossLayer(LayerParameter parameter, LayerContext context) : base(parameter, context)
    {
        _softmax = Slot<ISoftmax>();
        _loss = Slot<ISoftmaxLoss>();
        _probabilities = Scratch("probabilities");
    }

    /// <inheritdoc/>
    public override BlobCounts Counts => new(2, 2, 1, 2);

    /// <inheritdoc/>
    public override void Reshape(Blob[] bottom, Blob[] top)
    {
        base.Reshape(bottom, top);
        Shape shape = bottom[0].Shape;
        int axis = CanonicalAxis(bottom[0], Parameter.SoftmaxParam?.Axis ?? 1, "axis");
        int outer = shape.CountBetween(0, axis), inner = shape.CountFrom(axis + 1);
        CheckLabels(bottom, axis);
        _probabilities.Reshape(shape);
        if (top.Length > 1)
        {
            top[1].Reshape(shape);
            top[1].ShareData(_probabilities);
        }
        _softmax.Prepare(Backend, new SoftmaxSpec(outer, shape[axis], inner));
        _loss.Prepare(Backend, new SoftmaxLossSpec(outer, shape[axis], inner, Normalization(LossNormalization.Valid), IgnoreLabel));
    }

    /// <inheritdoc/>
    protected override void ForwardLoss(Blob[] bottom, Blob[] top)
    {
        _softmax.Operator.Forward(bottom[0].Data, _probabilities.Data);
        _loss.Operator.Forward(_probabilities.Data, bottom[1].Data, top[0].Data);
    }

    /// <inheritdoc/>
    protected override void BackwardLoss(Blob[] top, bool[] propagateDown, Blob[] bottom)
    {
        if (propagateDown[0]) _loss.Operator.Backward(_probabilities.Data, bottom[1].Data, top[0].Diff, bottom[0].Diff);
    }
}
