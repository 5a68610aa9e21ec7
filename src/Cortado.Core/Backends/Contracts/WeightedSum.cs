using Cortado.Tensors;

namespace Cortado.Backends.Contracts;

/// <summary>A sum of equally long arrays.</summary>
/// <param name="Count">Elements of each.</param>
public sealed record WeightedSumSpec(int Count) : OperatorSpec<IWeightedSum>;

/// <summary>Adds arrays element by element, in their order.</summary>
public interface IWeightedSum : IOperator
{
    /// <summary>
    /// output = sum of coefficients[i] * inputs[i]; without coefficients each counts as 1. Overwrites the output, which may be
    /// one of the inputs. No inputs give 0.
    /// </summary>
    void Run(ReadOnlySpan<DeviceBuffer> inputs, ReadOnlySpan<float> coefficients, DeviceBuffer output);
}
