using Cortado.Tensors;

namespace Cortado.Backends.Contracts;

/// <summary>The RMSProp update (Tieleman and Hinton 2012).</summary>
/// <param name="Count">Weights.</param>
public sealed record RmsPropUpdateSpec(int Count) : OperatorSpec<IRmsPropUpdate>;

/// <summary>One pass over a blob of weights; leaves the gradient zero.</summary>
public interface IRmsPropUpdate : IOperator
{
    /// <summary>h = rmsDecay * h + (1 - rmsDecay) * g^2; w -= rate * (g / (sqrt(h) + delta)); diff = 0.</summary>
    void Apply(DeviceBuffer weights, DeviceBuffer diff, DeviceBuffer history, GradientTerms terms, float rate, float rmsDecay, float delta);
}
