using Cortado.Tensors;

namespace Cortado.Backends.Contracts;

/// <summary>
/// A multinomial logistic loss weighted by a matrix H (Classes, Classes): the sum of -H[label, c] log(max(p_c, 1e-20)) over classes and
/// positions of (Outer, Classes, Inner) probabilities that a softmax gave, divided as <paramref name="Normalization"/> says.
/// </summary>
/// <param name="Outer">Product of the extents before the class axis.</param>
/// <param name="Classes">Extent of the class axis.</param>
/// <param name="Inner">Product of the extents behind the class axis.</param>
/// <param name="Normalization">The divisor.</param>
/// <param name="IgnoreLabel">Positions with this label neither count nor get a gradient.</param>
public sealed record InfogainLossSpec(int Outer, int Classes, int Inner, LossNormalization Normalization, int? IgnoreLabel) : OperatorSpec<IInfogainLoss>;

/// <summary>The weighted loss behind a softmax, and the gradient of both together.</summary>
public interface IInfogainLoss : IOperator
{
    /// <summary>Writes the loss into loss[0].</summary>
    /// <exception cref="CortadoException">A label is not a class.</exception>
    void Forward(DeviceBuffer probabilities, DeviceBuffer labels, DeviceBuffer matrix, DeviceBuffer loss);

    /// <summary>scoresDiff = (p_c * sum of H[label] - H[label, c]) * lossDiff[0] / divisor: the gradient of the softmax's input.</summary>
    /// <exception cref="CortadoException">A label is not a class.</exception>
    void Backward(DeviceBuffer probabilities, DeviceBuffer labels, DeviceBuffer matrix, DeviceBuffer lossDiff, DeviceBuffer scoresDiff);
}
