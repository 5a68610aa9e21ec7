using Cortado.Tensors;

namespace Cortado.Backends.Contracts;

/// <summary>A function of each element alone. Input and output may be the same buffer (in place).</summary>
public interface IActivation : IOperator
{
    /// <summary>output[i] = f(input[i]).</summary>
    void Forward(DeviceBuffer input, DeviceBuffer output);

    /// <summary>inputDiff[i] = outputDiff[i] * f'(input[i]). In place, input holds the output's values: as Caffe, the function must be able to use those.</summary>
    void Backward(DeviceBuffer input, DeviceBuffer output, DeviceBuffer outputDiff, DeviceBuffer inputDiff);
}

/// <summary>f(x) = max(x, 0) + slope * min(x, 0). As in Caffe, -inf with slope 0 gives NaN.</summary>
/// <param name="Count">Elements.</param>
/// <param name="NegativeSlope">Slope below zero.</param>
public sealed record ReluSpec(int Count, float NegativeSlope) : OperatorSpec<IActivation>;
