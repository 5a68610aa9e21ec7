using Cortado.Tensors;

namespace Cortado.Backends.Contracts;

/// <summary>
/// The shapes of a fully connected product. Input (Batch, Inputs), output (Batch, Outputs), weights (Outputs, Inputs), or
/// (Inputs, Outputs) when transposed; bias (Outputs).
/// </summary>
public sealed record InnerProductSpec : OperatorSpec<IInnerProduct>
{
    /// <summary>Rows of the input: examples.</summary>
    public required int Batch { get; init; }

    /// <summary>Values in one example.</summary>
    public required int Inputs { get; init; }

    /// <summary>Values that come out for one example.</summary>
    public required int Outputs { get; init; }

    /// <summary>Whether the weights are stored as (Inputs, Outputs).</summary>
    public bool TransposedWeights { get; init; }

    /// <summary>Whether a ReLU (negative slope 0) follows at once and <see cref="IInnerProduct.Forward"/> shall apply it.</summary>
    public bool FuseRelu { get; init; }

    /// <summary>Whether weights stay as they are between calls of <see cref="IInnerProduct.WeightsChanged"/>, so that they may be packed once.</summary>
    public bool FrozenWeights { get; init; }
}

/// <summary>A fully connected product over a whole batch.</summary>
public interface IInnerProduct : IOperator
{
    /// <summary>output = input * weights^T + bias, then ReLU where the spec fuses it. Overwrites the output.</summary>
    void Forward(DeviceBuffer input, DeviceBuffer weights, DeviceBuffer? bias, DeviceBuffer output);

    /// <summary>inputDiff = outputDiff * weights. Overwrites inputDiff.</summary>
    void BackwardData(DeviceBuffer outputDiff, DeviceBuffer weights, DeviceBuffer inputDiff);

    /// <summary>weightsDiff += outputDiff^T * input; biasDiff += column sums of outputDiff. Either may be null: not wanted.</summary>
    void BackwardWeights(DeviceBuffer input, DeviceBuffer outputDiff, DeviceBuffer? weightsDiff, DeviceBuffer? biasDiff);

    /// <summary>Says that the weights' values changed, where the spec called them frozen.</summary>
    void WeightsChanged();
}
