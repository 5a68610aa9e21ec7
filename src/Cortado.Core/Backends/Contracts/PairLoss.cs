using Cortado.Tensors;

namespace Cortado.Backends.Contracts;

/// <summary>Half the squared distance of two (Batch, Inner) arrays, over Batch.</summary>
/// <param name="Batch">Examples.</param>
/// <param name="Inner">Values of an example.</param>
public sealed record EuclideanLossSpec(int Batch, int Inner) : OperatorSpec<IEuclideanLoss>;

/// <summary>The Euclidean loss; both sides have a gradient.</summary>
public interface IEuclideanLoss : IOperator
{
    /// <summary>loss[0] = sum of (a - b)^2 / (2 Batch).</summary>
    void Forward(DeviceBuffer a, DeviceBuffer b, DeviceBuffer loss);

    /// <summary>aDiff = lossDiff[0] (a - b) / Batch and bDiff its opposite; null where not wanted.</summary>
    void Backward(DeviceBuffer a, DeviceBuffer b, DeviceBuffer lossDiff, DeviceBuffer? aDiff, DeviceBuffer? bDiff);
}

/// <summary>
/// A loss of pairs of (Batch, Inner) features with a label each, similar (not 0) or dissimilar (0): d^2 for similar ones, for
/// dissimilar ones max(margin - d, 0)^2, or max(margin - d^2, 0) in the legacy version; over 2 Batch
/// (Hadsell, Chopra and LeCun, 2006).
/// </summary>
/// <param name="Batch">Pairs.</param>
/// <param name="Inner">Features of one side.</param>
/// <param name="Margin">How far dissimilar pairs are pushed apart.</param>
/// <param name="Legacy">Caffe's first formula.</param>
public sealed record ContrastiveLossSpec(int Batch, int Inner, float Margin, bool Legacy) : OperatorSpec<IContrastiveLoss>;

/// <summary>The contrastive loss; both sides have a gradient.</summary>
public interface IContrastiveLoss : IOperator
{
    /// <summary>Writes the loss into loss[0].</summary>
    void Forward(DeviceBuffer a, DeviceBuffer b, DeviceBuffer similar, DeviceBuffer loss);

    /// <summary>The gradients times lossDiff[0]; null where not wanted.</summary>
    void Backward(DeviceBuffer a, DeviceBuffer b, DeviceBuffer similar, DeviceBuffer lossDiff, DeviceBuffer? aDiff, DeviceBuffer? bDiff);
}
