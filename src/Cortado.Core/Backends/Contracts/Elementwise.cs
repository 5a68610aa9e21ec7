using Cortado.Tensors;

namespace Cortado.Backends.Contracts;

/// <summary>A product of equally long arrays.</summary>
/// <param name="Count">Elements of each.</param>
public sealed record ElementwiseProductSpec(int Count) : OperatorSpec<IElementwiseProduct>;

/// <summary>Multiplies arrays element by element.</summary>
public interface IElementwiseProduct : IOperator
{
    /// <summary>output = inputs[0] * inputs[1] * ...; the output may be the first input.</summary>
    void Forward(ReadOnlySpan<DeviceBuffer> inputs, DeviceBuffer output);

    /// <summary>inputDiff = outputDiff * product of all inputs but <paramref name="index"/>: right where an input is 0.</summary>
    void Backward(ReadOnlySpan<DeviceBuffer> inputs, int index, DeviceBuffer outputDiff, DeviceBuffer inputDiff);

    /// <summary>inputDiff = output / input * outputDiff: one division for any number of inputs, NaN where the input is 0.</summary>
    void BackwardByDivision(DeviceBuffer input, DeviceBuffer output, DeviceBuffer outputDiff, DeviceBuffer inputDiff);
}

/// <summary>The maximum of equally long arrays.</summary>
/// <param name="Count">Elements of each.</param>
public sealed record ElementwiseMaxSpec(int Count) : OperatorSpec<IElementwiseMax>;

/// <summary>Takes the largest element by element. As in Caffe, on a tie the second input wins over the first, and a later one over none.</summary>
public interface IElementwiseMax : IOperator
{
    /// <summary>output = the largest; winner = the index of the input that it came from.</summary>
    void Forward(ReadOnlySpan<DeviceBuffer> inputs, DeviceBuffer output, DeviceBuffer winner);

    /// <summary>inputDiff = outputDiff where input <paramref name="index"/> won, else 0.</summary>
    void Backward(DeviceBuffer winner, int index, DeviceBuffer outputDiff, DeviceBuffer inputDiff);
}
