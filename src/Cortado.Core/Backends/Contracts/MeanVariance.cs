using Cortado.Tensors;

namespace Cortado.Backends.Contracts;

/// <summary>Normalisation of each row of a (Rows, Length) array by its own mean, and where wanted its own deviation.</summary>
/// <param name="Rows">How many rows.</param>
/// <param name="Length">Values in a row.</param>
/// <param name="NormalizeVariance">Whether rows are divided by sqrt(variance) + Epsilon.</param>
/// <param name="Epsilon">Added to the deviation.</param>
public sealed record MeanVarianceSpec(int Rows, int Length, bool NormalizeVariance, float Epsilon) : OperatorSpec<IMeanVariance>;

/// <summary>Normalises rows. In place too.</summary>
public interface IMeanVariance : IOperator
{
    /// <summary>output = (input - mean) / (sqrt(variance) + eps); deviation (Rows) = that divisor, 1 where variance is not normalised.</summary>
    void Forward(DeviceBuffer input, DeviceBuffer output, DeviceBuffer deviation);

    /// <summary>inputDiff = (outputDiff - mean(outputDiff) - mean(outputDiff * y) * y) / deviation; only the first two terms without variance.</summary>
    void Backward(DeviceBuffer output, DeviceBuffer deviation, DeviceBuffer outputDiff, DeviceBuffer inputDiff);
}
