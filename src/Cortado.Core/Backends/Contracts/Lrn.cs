using Cortado.Tensors;

namespace Cortado.Backends.Contracts;

/// <summary>
/// Local response normalisation across channels (Krizhevsky et al., 2012): y = x * s^-Beta, s = K + Alpha / Size * sum of x^2 over
/// Size channels around each, those outside counting as 0. Blobs are (Batch, Channels, Pixels). As in Caffe the sums run along the
/// channels, so a NaN stays in all later channels of its pixel.
/// </summary>
/// <param name="Batch">Images.</param>
/// <param name="Channels">Channels of an image.</param>
/// <param name="Pixels">Height times width.</param>
/// <param name="Size">Channels in a window; odd, and may exceed Channels.</param>
/// <param name="Alpha">The weight of the mean square.</param>
/// <param name="Beta">The exponent.</param>
/// <param name="K">The constant.</param>
public sealed record LrnAcrossChannelsSpec(int Batch, int Channels, int Pixels, int Size, float Alpha, float Beta, float K) : OperatorSpec<ILrn>;

/// <summary>
/// Local response normalisation within each channel: y = x * s^-Beta, s = 1 + Alpha / Size^2 * sum of x^2 over Size x Size pixels
/// around each, those outside counting as 0. Blobs are (Planes, Height, Width).
/// </summary>
/// <param name="Planes">Images times channels.</param>
/// <param name="Height">Rows of an image.</param>
/// <param name="Width">Columns of an image.</param>
/// <param name="Size">Rows and columns of a window; odd.</param>
/// <param name="Alpha">The weight of the mean square.</param>
/// <param name="Beta">The exponent.</param>
public sealed record LrnWithinChannelSpec(int Planes, int Height, int Width, int Size, float Alpha, float Beta) : OperatorSpec<ILrn>;

/// <summary>Local response normalisation, of either kind.</summary>
public interface ILrn : IOperator
{
    /// <summary>Overwrites the output, which may be the input.</summary>
    void Forward(DeviceBuffer input, DeviceBuffer output);

    /// <summary>Overwrites inputDiff. The input must hold what it held for <see cref="Forward"/>.</summary>
    void Backward(DeviceBuffer input, DeviceBuffer outputDiff, DeviceBuffer inputDiff);
}
