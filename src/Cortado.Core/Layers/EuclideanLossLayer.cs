using Cortado.Backends.Contracts;
using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>Half the squared distance of two blobs, over the batch size. Both have a gradient.</summary>
public sealed class EuclideanLossLayer : LossLayer
{
    private readonly OperatorSlot<IEuclideanLoss> _loss;

    /// <summary>Creates the layer.</summary>
    public EuclideanLossLayer(LayerParameter parameter, LayerContext context) : base(parameter, context) => _loss = Slot<IEuclideanLoss>();

    /// <inheritdoc/>
    public override bool AllowForceBackward(int bottom) => true;

    /// <inheritdoc/>
    public override void Reshape(Blob[] bottom, Blob[] top)
    {
        base.Reshape(bottom, top);
        if (bottom[0].Count != bottom[1].Count)
            throw Error($"the bottoms must have as many values for each example: '{bottom[0].Name}' is {bottom[0].Shape}, '{bottom[1].Name}' is {bottom[1].Shape}.");
        Shape shape = bottom[0].Shape;
        _loss.Prepare(Backend, new EuclideanLossSpec(shape[0], shape.CountFrom(1)));
    }

    /// <inheritdoc/>
    protected override bool HasGradient(int bottom) => true;

    /// <inheritdoc/>
    protected override void ForwardLoss(Blob[] bottom, Blob[] top) => _loss.Operator.Forward(bottom[0].Data, bottom[1].Data, top[0].Data);

    /// <inheritdoc/>
    protected override void BackwardLoss(Blob[] top, bool[] propagateDown, Blob[] bottom)
    {
        if (!propagateDown[0] && !propagateDown[1]) return;
        _loss.Operator.Backward(bottom[0].Data, bottom[1].Data, top[0].Diff,
            propagateDown[0] ? bottom[0].Diff : null, propagateDown[1] ? bottom[1].Diff : null);
    }
}
