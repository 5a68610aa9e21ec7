using Cortado.Tensors;

namespace Cortado.Backends.Contracts;

/// <summary>The update with Nesterov's accelerated gradient.</summary>
/// <param name="Count">Weights.</param>
public sealed record NesterovUpdateSpec(int Count) : OperatorSpec<INesterovUpdate>;

/// <summary>One pass over a blob of weights; leaves the gradient zero.</summary>
public interface INesterovUpdate : IOperator
{
    /// <summary>h' = momentum * h + rate * g; w -= (1 + momentum) * h' - momentum * h; h = h'; diff = 0.</summary>
    void Apply(DeviceBuffer weights, DeviceBuffer diff, DeviceBuffer history, GradientTerms terms, float rate, float momentum);
}
