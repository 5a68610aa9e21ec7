using Cortado.Tensors;

namespace Cortado.Backends.Contracts;

/// <summary>The AdaDelta update (Zeiler 2012).</summary>
/// <param name="Count">Weights.</param>
public sealed record AdaDeltaUpdateSpec(int Count) : OperatorSpec<IAdaDeltaUpdate>;

/// <summary>One pass over a blob of weights; leaves the gradient zero.</summary>
public interface IAdaDeltaUpdate : IOperator
{
    /// <summary>
    /// G = momentum * G + (1 - momentum) * g^2; v = g * sqrt((U + delta) / (G + delta)); U = momentum * U + (1 - momentum) * v^2;
    /// w -= rate * v; diff = 0, where G is <paramref name="gradients"/> and U is <paramref name="updates"/>.
    /// </summary>
    void Apply(DeviceBuffer weights, DeviceBuffer diff, DeviceBuffer gradients, DeviceBuffer updates, GradientTerms terms, float rate, float momentum, float delta);
}
