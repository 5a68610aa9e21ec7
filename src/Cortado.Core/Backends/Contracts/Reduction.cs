using Cortado.Tensors;

namespace Cortado.Backends.Contracts;

/// <summary>How a row is reduced.</summary>
public enum ReductionKind
{
    /// <summary>Sum of x.</summary>
    Sum,

    /// <summary>Sum of |x|.</summary>
    AbsSum,

    /// <summary>Sum of x^2.</summary>
    SumOfSquares,
}

/// <summary>One number for each row of a (Rows, Length) array, times a coefficient (a mean is a sum with coefficient 1 / Length).</summary>
/// <param name="Rows">How many rows.</param>
/// <param name="Length">Values in a row.</param>
/// <param name="Kind">How a row is reduced.</param>
/// <param name="Coefficient">Factor of the result.</param>
public sealed record ReductionSpec(int Rows, int Length, ReductionKind Kind, float Coefficient) : OperatorSpec<IReduction>;

/// <summary>Reduces rows.</summary>
public interface IReduction : IOperator
{
    /// <summary>output[row] = Coefficient * reduction of the row.</summary>
    void Forward(DeviceBuffer input, DeviceBuffer output);

    /// <summary>inputDiff = Coefficient * outputDiff[row] * (1, sign(x) or 2x).</summary>
    void Backward(DeviceBuffer input, DeviceBuffer outputDiff, DeviceBuffer inputDiff);
}
