using Cortado.Tensors;

namespace Cortado.Backends.Contracts;

/// <summary>
/// Normalisation of each channel of a (Batch, Channels, Inner) array by its mean and variance: those of the batch, or the running
/// ones divided by the running factor (Ioffe and Szegedy, 2015, without the affine part, as Caffe splits it).
/// </summary>
/// <param name="Batch">Examples.</param>
/// <param name="Channels">Channels.</param>
/// <param name="Inner">Values of a channel in one example.</param>
/// <param name="Epsilon">Added to the variance under the root.</param>
/// <param name="UseGlobalStats">Whether the running statistics are used; else those of the batch, which also update the running ones.</param>
/// <param name="MovingAverageFraction">What is kept of the running statistics at each update.</param>
public sealed record BatchNormSpec(int Batch, int Channels, int Inner, float Epsilon, bool UseGlobalStats, float MovingAverageFraction) : OperatorSpec<IBatchNorm>;

/// <summary>Normalises channels.</summary>
public interface IBatchNorm : IOperator
{
    /// <summary>
    /// output = (input - mean[c]) / sqrt(variance[c] + eps); the output may be the input. With the batch's statistics: running
    /// factor = 1 + fraction * factor, running mean = mean + fraction * running mean, running variance = m/(m-1) variance +
    /// fraction * running variance, and a copy of the output goes to <paramref name="normalized"/> for the backward pass.
    /// </summary>
    /// <param name="input">(Batch, Channels, Inner).</param>
    /// <param name="output">(Batch, Channels, Inner).</param>
    /// <param name="runningMean">(Channels).</param>
    /// <param name="runningVariance">(Channels).</param>
    /// <param name="runningFactor">One value; 0 stands for no statistics yet, which then count as 0.</param>
    /// <param name="deviation">(Channels), written: sqrt(variance + eps), for the backward pass.</param>
    /// <param name="normalized">(Batch, Channels, Inner), written with the batch's statistics; null with global ones.</param>
    void Forward(DeviceBuffer input, DeviceBuffer output, DeviceBuffer runningMean, DeviceBuffer runningVariance, DeviceBuffer runningFactor,
        DeviceBuffer deviation, DeviceBuffer? normalized);

    /// <summary>
    /// With the batch's statistics inputDiff = (outputDiff - mean(outputDiff) - mean(outputDiff * y) * y) / deviation; with global
    /// ones outputDiff / deviation. In place too.
    /// </summary>
    void Backward(DeviceBuffer deviation, DeviceBuffer? normalized, DeviceBuffer outputDiff, DeviceBuffer inputDiff);
}
