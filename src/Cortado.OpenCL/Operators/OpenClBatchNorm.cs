using Cortado.Backends.Contracts;
using Cortado.OpenCL.Runtime;
using Cortado.Tensors;

namespace Cortado.OpenCL.Operators;

/// <summary>Batch normalisation: means, then deviations, then one elementwise pass.</summary>
internal sealed class OpenClBatchNorm : IBatchNorm
{
    private readonly BatchNormSpec _spec;
    private readonly ChannelKernels _kernels;
    private readonly Kernel _sums, _products, _statistics, _running, _normalize, _backward;
    private readonly DeviceMemory _means, _productMeans;

    public OpenClBatchNorm(OpenClBackend backend, BatchNormSpec spec)
    {
        _spec = spec;
        _kernels = new ChannelKernels(backend, spec.Batch, spec.Channels, spec.Inner);
        _sums = _kernels.Sums("channel_sums");
        _products = _kernels.Sums("channel_sums", "SUM_PRODUCT");
        _statistics = _kernels.Sums("batch_norm_statistics", "SUM_SQUARED_DEVIATION");
        _running = _kernels.Elements("batch_norm_running");
        _normalize = _kernels.Elements("normalize_channels");
        _backward = _kernels.Elements("normalize_channels_backward");
        _means = new DeviceMemory(backend, (long)spec.Channels * sizeof(float));
        _productMeans = new DeviceMemory(backend, (long)spec.Channels * sizeof(float));
    }

    private float OverValues => 1f / Math.Max(1, _spec.Batch * (long)_spec.Inner);

    public void Forward(DeviceBuffer input, DeviceBuffer output, DeviceBuffer runningMean, DeviceBuffer runningVariance, DeviceBuffer runningFactor,
        DeviceBuffer deviation, DeviceBuffer? normalized)
    {
        if (_spec.UseGlobalStats)
        {
            _running.Read(runningMean).Read(runningVariance).Read(runningFactor).Memory(_means).Write(deviation)
                .Number(_spec.Channels).Number(_spec.Epsilon).RunItems(_spec.Channels);
        }
        else
        {
            Mean(_sums, input, input, _means);
            _kernels.RunSums(_kernels.Shape(_statistics.Read(input).Memory(_means).Update(runningMean).Update(runningVariance).Update(runningFactor)
                .Write(deviation)).Number(_spec.Epsilon).Number(_spec.MovingAverageFraction));
        }
        _kernels.RunElements(_kernels.ElementShape(_normalize.Read(input).Memory(_means).Read(deviation).Write(output).Write(normalized)));
    }

    public void Backward(DeviceBuffer deviation, DeviceBuffer? normalized, DeviceBuffer outputDiff, DeviceBuffer inputDiff)
    {
        if (normalized != null)
        {
            Mean(_sums, outputDiff, outputDiff, _means);
            Mean(_products, outputDiff, normalized, _productMeans);
        }
        _kernels.RunElements(_kernels.ElementShape(_backward.Read(normalized).Read(outputDiff).Memory(_means).Memory(_productMeans).Read(deviation).Write(inputDiff)));
    }

    public void Dispose()
    {
        _kernels.Dispose();
        _means.Dispose();
        _productMeans.Dispose();
    }

    private void Mean(Kernel sums, DeviceBuffer x, DeviceBuffer y, DeviceMemory means) =>
        _kernels.RunSums(_kernels.Shape(sums.Read(x).Read(y).Memory(means)).Number(OverValues).Number(0));
}
