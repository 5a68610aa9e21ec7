using Cortado.Backends.Contracts;
using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>
/// A layer whose first top is a scalar to be made small. Predictions are its first bottom, labels its second. The network writes
/// the loss weight into the top's diff, and <see cref="Layer.Backward"/> scales the gradient by it.
/// </summary>
public abstract class LossLayer : Layer
{
    /// <summary>Creates the layer.</summary>
    protected LossLayer(LayerParameter parameter, LayerContext context) : base(parameter, context) { }

    /// <inheritdoc/>
    public override BlobCounts Counts => BlobCounts.Exactly(2, 1);

    /// <inheritdoc/>
    public override bool AutoTopBlobs => true;

    /// <inheritdoc/>
    public override bool AllowForceBackward(int bottom) => bottom != 1;

    /// <inheritdoc/>
    public override float DefaultLossWeight(int top) => top == 0 ? 1 : 0;

    /// <inheritdoc/>
    public override void Reshape(Blob[] bottom, Blob[] top)
    {
        if (bottom[0].Shape[0] != bottom[1].Shape[0])
            throw Error($"the bottoms must have the same batch size: '{bottom[0].Name}' is {bottom[0].Shape}, '{bottom[1].Name}' is {bottom[1].Shape}.");
        top[0].Reshape(new Shape());
    }

    /// <summary>Computes the loss.</summary>
    public sealed override void Forward(Blob[] bottom, Blob[] top)
    {
        try
        {
            ForwardLoss(bottom, top);
        }
        catch (CortadoException error) when (error is not DeviceException)
        {
            throw Error(error.Message);
        }
    }

    /// <inheritdoc/>
    public sealed override void Backward(Blob[] top, bool[] propagateDown, Blob[] bottom)
    {
        for (int i = 0; i < bottom.Length; i++)
            if (propagateDown[i] && !HasGradient(i))
                throw Error($"no gradient can be asked for bottom {i} ('{bottom[i].Name}'): it is not something that this loss can be differentiated by. Check what produces it, or set propagate_down: false for it.");
        BackwardLoss(top, propagateDown, bottom);
    }

    /// <summary>Computes the loss; errors need not name the layer.</summary>
    protected abstract void ForwardLoss(Blob[] bottom, Blob[] top);

    /// <summary>Computes the gradients asked for; none is asked where there is none.</summary>
    protected abstract void BackwardLoss(Blob[] top, bool[] propagateDown, Blob[] bottom);

    /// <summary>Whether the loss has a gradient with respect to a bottom: only to the first, for most.</summary>
    protected virtual bool HasGradient(int bottom) => bottom == 0;

    /// <summary>Checks that there is a label for each position of the scores (bottom 0) outside the class axis.</summary>
    protected void CheckLabels(Blob[] bottom, int axis)
    {
        Shape shape = bottom[0].Shape;
        int positions = shape.CountBetween(0, axis) * shape.CountFrom(axis + 1);
        if (positions != bottom[1].Count)
            throw Error($"there must be one label for each prediction: scores '{bottom[0].Name}' are {shape}, so with classes on axis {axis} "
                + $"{positions} labels are expected; '{bottom[1].Name}' is {bottom[1].Shape}.");
    }

    /// <summary>The batch size of a loss that takes one label an example.</summary>
    protected int BatchOfSingleLabels(Blob[] bottom)
    {
        int batch = bottom[0].Shape[0];
        return bottom[1].Count == batch
            ? batch
            : throw Error($"there must be one label for each of the {batch} examples; '{bottom[1].Name}' is {bottom[1].Shape}.");
    }

    /// <summary>The label to ignore; null for none.</summary>
    protected int? IgnoreLabel => Parameter.LossParam is { HasIgnoreLabel: true } loss ? loss.IgnoreLabel : null;

    /// <summary>What the loss is divided by, from <c>normalization</c> or the older <c>normalize</c>.</summary>
    /// <param name="unset">What counts where neither is given.</param>
    protected LossNormalization Normalization(LossNormalization unset)
    {
        LossParameter? loss = Parameter.LossParam;
        if (loss is { HasNormalization: true })
            return loss.Normalization switch
            {
                LossParameter.Types.NormalizationMode.Full => LossNormalization.Full,
                LossParameter.Types.NormalizationMode.Valid => LossNormalization.Valid,
                LossParameter.Types.NormalizationMode.BatchSize => LossNormalization.BatchSize,
                _ => LossNormalization.None,
            };
        if (loss is { HasNormalize: true }) return loss.Normalize ? LossNormalization.Valid : LossNormalization.BatchSize;
        return unset;
    }
}
