using Cortado.Backends.Contracts;
using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>
/// Draws features of similar pairs together and pushes those of dissimilar ones <c>margin</c> apart: bottoms are the two sides and
/// for each pair whether it is similar (1) or not (0).
/// </summary>
public sealed class ContrastiveLossLayer : LossLayer
{
    private readonly OperatorSlot<IContrastiveLoss> _loss;

    /// <summary>Creates the layer.</summary>
    public ContrastiveLossLayer(LayerParameter parameter, LayerContext context) : base(parameter, context) => _loss = Slot<IContrastiveLoss>();

    /// <inheritdoc/>
    public override BlobCounts Counts => BlobCounts.Exactly(3, 1);

    /// <inheritdoc/>
    public override bool AllowForceBackward(int bottom) => bottom != 2;

    /// <inheritdoc/>
    public override void Reshape(Blob[] bottom, Blob[] top)
    {
        base.Reshape(bottom, top);
        Shape shape = bottom[0].Shape;
        int batch = shape[0], inner = shape.CountFrom(1);
        if (bottom[1].Count != bottom[0].Count)
            throw Error($"both sides of a pair must have the same shape: '{bottom[0].Name}' is {shape}, '{bottom[1].Name}' is {bottom[1].Shape}.");
        if (shape.CountFrom(Math.Min(2, shape.Rank)) != 1)
            throw Error($"features must be (N, C) or (N, C, 1, 1); '{bottom[0].Name}' is {shape}. A Flatten layer before helps.");
        if (bottom[2].Count != batch)
            throw Error($"there must be one label for each of the {batch} pairs; '{bottom[2].Name}' is {bottom[2].Shape}.");
        ContrastiveLossParameter settings = Parameter.ContrastiveLossParam ?? new ContrastiveLossParameter();
        _loss.Prepare(Backend, new ContrastiveLossSpec(batch, inner, settings.Margin, settings.LegacyVersion));
    }

    /// <inheritdoc/>
    protected override bool HasGradient(int bottom) => bottom != 2;

    /// <inheritdoc/>
    protected override void ForwardLoss(Blob[] bottom, Blob[] top) =>
        _loss.Operator.Forward(bottom[0].Data, bottom[1].Data, bottom[2].Data, top[0].Data);

    /// <inheritdoc/>
    protected override void BackwardLoss(Blob[] top, bool[] propagateDown, Blob[] bottom)
    {
        if (!propagateDown[0] && !propagateDown[1]) return;
        _loss.Operator.Backward(bottom[0].Data, bottom[1].Data, bottom[2].Data, top[0].Diff,
            propagateDown[0] ? bottom[0].Diff : null, propagateDown[1] ? bottom[1].Diff : null);
    }
}
