using Cortado.Tensors;

namespace Cortado.Backends.Contracts;

/// <summary>
/// The multinomial logistic loss of probabilities that a softmax gave: (Outer, Classes, Inner), with labels (Outer, Inner).
/// Sum of -log(max(p[label], FLT_MIN)) over positions, divided as <paramref name="Normalization"/> says.
/// </summary>
/// <param name="Outer">Product of the extents before the class axis.</param>
/// <param name="Classes">Extent of the class axis.</param>
/// <param name="Inner">Product of the extents behind the class axis.</param>
/// <param name="Normalization">The divisor.</param>
/// <param name="IgnoreLabel">Positions with this label neither count nor get a gradient.</param>
public sealed record SoftmaxLossSpec(int Outer, int Classes, int Inner, LossNormalization Normalization, int? IgnoreLabel) : OperatorSpec<ISoftmaxLoss>;

/// <summary>The loss behind a softmax, and the gradient of both together.</summary>
public interface ISoftmaxLoss : IOperator
{
    /// <summary>Writes the loss into loss[0].</summary>
    /// <exception cref="CortadoException">A label is not a class.</exception>
    void Forward(DeviceBuffer probabilities, DeviceBuffer labels, DeviceBuffer loss);

    /// <summary>scoresDiff = (probabilities - one at the label) * lossDiff[0] / divisor: the gradient of the softmax's input.</summary>
    /// <exception cref="CortadoException">A label is not a class.</exception>
    void Backward(DeviceBuffer probabilities, DeviceBuffer labels, DeviceBuffer lossDiff, DeviceBuffer scoresDiff);
}
