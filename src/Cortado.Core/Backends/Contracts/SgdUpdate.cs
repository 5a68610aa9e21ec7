using Cortado.Tensors;

namespace Cortado.Backends.Contracts;

/// <summary>The update of stochastic gradient descent with momentum.</summary>
/// <param name="Count">Weights.</param>
public sealed record SgdUpdateSpec(int Count) : OperatorSpec<ISgdUpdate>;

/// <summary>
/// One pass over a blob of weights. As every update, it leaves the gradient zero, ready for the next one to be added up: that
/// saves a pass of its own.
/// </summary>
public interface ISgdUpdate : IOperator
{
    /// <summary>h = momentum * h + rate * g; w -= h; diff = 0.</summary>
    void Apply(DeviceBuffer weights, DeviceBuffer diff, DeviceBuffer history, GradientTerms terms, float rate, float momentum);
}
