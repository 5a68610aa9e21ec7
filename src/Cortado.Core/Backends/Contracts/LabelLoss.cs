using Cortado.Tensors;

namespace Cortado.Backends.Contracts;

/// <summary>A loss of predictions against labels that have no gradient.</summary>
public interface ILabelLoss : IOperator
{
    /// <summary>Writes the loss into loss[0].</summary>
    /// <exception cref="CortadoException">A label is not a class.</exception>
    void Forward(DeviceBuffer predictions, DeviceBuffer labels, DeviceBuffer loss);

    /// <summary>predictionsDiff = lossDiff[0] * the loss's gradient.</summary>
    /// <exception cref="CortadoException">A label is not a class.</exception>
    void Backward(DeviceBuffer predictions, DeviceBuffer labels, DeviceBuffer lossDiff, DeviceBuffer predictionsDiff);
}

/// <summary>
/// Sum of log(1 + exp(-|x|)) + max(x, 0) - x t over (Batch, Inner) logits x and targets t in [0, 1], divided as
/// <paramref name="Normalization"/> says. Gradient sigmoid(x) - t.
/// </summary>
/// <param name="Batch">Examples.</param>
/// <param name="Inner">Logits of an example.</param>
/// <param name="Normalization">The divisor.</param>
/// <param name="IgnoreLabel">Targets whose whole part is this neither count nor give a gradient.</param>
public sealed record SigmoidCrossEntropyLossSpec(int Batch, int Inner, LossNormalization Normalization, int? IgnoreLabel) : OperatorSpec<ILabelLoss>;

/// <summary>
/// One-against-all hinge loss: the sum over (Batch, Classes) of max(0, 1 - x) for the label's score and max(0, 1 + x) for the others,
/// or of their squares, over Batch.
/// </summary>
/// <param name="Batch">Examples.</param>
/// <param name="Classes">Scores of an example.</param>
/// <param name="Squared">Whether margins are squared (L2).</param>
public sealed record HingeLossSpec(int Batch, int Classes, bool Squared) : OperatorSpec<ILabelLoss>;

/// <summary>Sum of -log(max(p[label], 1e-20)) over (Batch, Classes) probabilities, over Batch.</summary>
/// <param name="Batch">Examples.</param>
/// <param name="Classes">Probabilities of an example.</param>
public sealed record MultinomialLogisticLossSpec(int Batch, int Classes) : OperatorSpec<ILabelLoss>;
