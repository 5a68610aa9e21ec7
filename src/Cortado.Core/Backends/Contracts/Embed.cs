using Cortado.Tensors;

namespace Cortado.Backends.Contracts;

/// <summary>A table looked up by index: weights (Inputs, Outputs), bias (Outputs), indices (Count) to output (Count, Outputs).</summary>
/// <param name="Count">How many indices.</param>
/// <param name="Inputs">Rows of the table: indices are 0 to Inputs - 1.</param>
/// <param name="Outputs">Values in a row.</param>
public sealed record EmbedSpec(int Count, int Inputs, int Outputs) : OperatorSpec<IEmbed>;

/// <summary>Looks rows up.</summary>
public interface IEmbed : IOperator
{
    /// <summary>output[n] = weights[indices[n]] + bias.</summary>
    /// <exception cref="CortadoException">An index is outside the table.</exception>
    void Forward(DeviceBuffer indices, DeviceBuffer weights, DeviceBuffer? bias, DeviceBuffer output);

    /// <summary>weightsDiff[indices[n]] += outputDiff[n]; biasDiff += column sums of outputDiff. Either may be null: not wanted.</summary>
    void Backward(DeviceBuffer indices, DeviceBuffer outputDiff, DeviceBuffer? weightsDiff, DeviceBuffer? biasDiff);
}
