namespace Cortado.Backends.Contracts;

/// <summary>How weight decay pulls at a weight.</summary>
public enum Regularization
{
    /// <summary>Towards zero in proportion to the weight: gradient += decay * w.</summary>
    L2,

    /// <summary>Towards zero by a constant: gradient += decay * sign(w).</summary>
    L1,
}

/// <summary>
/// What becomes of a raw gradient before an update rule sees it, in Caffe's order of operations:
/// g = (diff * ClipScale) * Normalization, then g += Decay * w or Decay * sign(w).
/// </summary>
/// <param name="ClipScale">From <c>clip_gradients</c>; 1 leaves the gradient as it is.</param>
/// <param name="Normalization">1 / <c>iter_size</c>.</param>
/// <param name="Decay"><c>weight_decay</c> times the blob's <c>decay_mult</c>; 0 adds nothing, also where a weight is not finite.</param>
/// <param name="Regularization">Which decay.</param>
public readonly record struct GradientTerms(float ClipScale, float Normalization, float Decay, Regularization Regularization)
{
    /// <summary>The gradient as it is.</summary>
    public static GradientTerms None { get; } = new(1, 1, 0, Regularization.L2);
}
