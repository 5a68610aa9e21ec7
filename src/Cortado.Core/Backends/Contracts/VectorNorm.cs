using Cortado.Tensors;

namespace Cortado.Backends.Contracts;

/// <summary>Sums over a whole array, and the search for what is not finite.</summary>
/// <param name="Count">Elements.</param>
public sealed record VectorNormSpec(int Count) : OperatorSpec<IVectorNorm>;

/// <summary>Reductions of one array. The order of summation is fixed, so the result never depends on the number of threads.</summary>
public interface IVectorNorm : IOperator
{
    /// <summary>Sum of x^2.</summary>
    double SumOfSquares(DeviceBuffer values);

    /// <summary>Sum of |x|.</summary>
    double AbsSum(DeviceBuffer values);

    /// <summary>The index of the first NaN or infinity, or -1 when all are finite.</summary>
    int FirstNonFinite(DeviceBuffer values);
}
