using Cortado.Tensors;

namespace Cortado.Backends.Contracts;

/// <summary>The sum of squares over several arrays, as over one.</summary>
/// <param name="Counts">Elements of each array.</param>
public sealed record GlobalNormSpec(IReadOnlyList<int> Counts) : OperatorSpec<IGlobalNorm>;

/// <summary>What the size of a whole gradient is found with: a device computes all of it before the host waits for one number.</summary>
public interface IGlobalNorm : IOperator
{
    /// <summary>Sum of x^2 over the arrays, each summed by itself and then added in their order; one that is null counts as zeros.</summary>
    double SumOfSquares(IReadOnlyList<DeviceBuffer?> arrays);
}
