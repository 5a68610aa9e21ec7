using Cortado.Tensors;

namespace Cortado.Backends.Contracts;

/// <summary>The Adam update (Kingma and Ba 2015).</summary>
/// <param name="Count">Weights.</param>
public sealed record AdamUpdateSpec(int Count) : OperatorSpec<IAdamUpdate>;

/// <summary>One pass over a blob of weights; leaves the gradient zero.</summary>
public interface IAdamUpdate : IOperator
{
    /// <summary>
    /// m = beta1 * m + (1 - beta1) * g; v = beta2 * v + (1 - beta2) * g^2; w -= rate * (m / (sqrt(v) + epsilon)); diff = 0.
    /// The caller has multiplied the bias correction into the rate.
    /// </summary>
    void Apply(DeviceBuffer weights, DeviceBuffer diff, DeviceBuffer first, DeviceBuffer second, GradientTerms terms, float rate, float beta1, float beta2, float epsilon);
}
