using Cortado.Tensors;

namespace Cortado.Backends.Contracts;

/// <summary>f(x) = max(x, 0) + slope * min(x, 0) with a learnable slope for each channel, or one for all (He et al., 2015). Blobs are (Batch, Channels, Pixels).</summary>
/// <param name="Batch">Images.</param>
/// <param name="Channels">Channels of an image.</param>
/// <param name="Pixels">Values of one channel of one image.</param>
/// <param name="Shared">Whether there is one slope instead of one a channel.</param>
public sealed record PReluSpec(int Batch, int Channels, int Pixels, bool Shared) : OperatorSpec<IPRelu>;

/// <summary>A ReLU with learnable slopes.</summary>
public interface IPRelu : IOperator
{
    /// <summary>Overwrites the output, which may be the input.</summary>
    void Forward(DeviceBuffer input, DeviceBuffer slopes, DeviceBuffer output);

    /// <summary>Overwrites inputDiff, which may be outputDiff.</summary>
    void BackwardData(DeviceBuffer input, DeviceBuffer slopes, DeviceBuffer outputDiff, DeviceBuffer inputDiff);

    /// <summary>slopesDiff += gradient of the slopes.</summary>
    void BackwardSlopes(DeviceBuffer input, DeviceBuffer outputDiff, DeviceBuffer slopesDiff);
}
