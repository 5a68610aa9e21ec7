using Cortado.Tensors;

namespace Cortado.Backends.Contracts;

/// <summary>The AdaGrad update (Duchi, Hazan and Singer 2011).</summary>
/// <param name="Count">Weights.</param>
public sealed record AdaGradUpdateSpec(int Count) : OperatorSpec<IAdaGradUpdate>;

/// <summary>One pass over a blob of weights; leaves the gradient zero.</summary>
public interface IAdaGradUpdate : IOperator
{
    /// <summary>h += g^2; w -= rate * (g / (sqrt(h) + delta)); diff = 0.</summary>
    void Apply(DeviceBuffer weights, DeviceBuffer diff, DeviceBuffer history, GradientTerms terms, float rate, float delta);
}
