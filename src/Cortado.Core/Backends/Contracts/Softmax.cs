using Cortado.Tensors;

namespace Cortado.Backends.Contracts;

/// <summary>
/// y_c = exp(x_c - max) / sum exp(x - max) over the middle axis of an (Outer, Classes, Inner) array. A NaN or +inf makes its
/// whole column NaN; -inf gives 0.
/// </summary>
/// <param name="Outer">Product of the extents before the class axis.</param>
/// <param name="Classes">Extent of the class axis.</param>
/// <param name="Inner">Product of the extents behind the class axis.</param>
public sealed record SoftmaxSpec(int Outer, int Classes, int Inner) : OperatorSpec<ISoftmax>;

/// <summary>Softmax over one axis. Input and output may be the same buffer.</summary>
public interface ISoftmax : IOperator
{
    /// <summary>Overwrites the output with the probabilities.</summary>
    void Forward(DeviceBuffer input, DeviceBuffer output);

    /// <summary>inputDiff = (outputDiff - sum over classes of outputDiff * output) * output.</summary>
    void Backward(DeviceBuffer output, DeviceBuffer outputDiff, DeviceBuffer inputDiff);
}
