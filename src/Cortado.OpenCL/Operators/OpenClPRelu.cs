using Cortado.Backends.Contracts;
using Cortado.OpenCL.Runtime;
using Cortado.Tensors;

namespace Cortado.OpenCL.Operators;

/// <summary>A ReLU with learnable slopes.</summary>
internal sealed class OpenClPRelu : IPRelu
{
    private readonly PReluSpec _spec;
    private readonly ChannelKernels _kernels;
    private readonly Kernel _forward, _backward, _sums, _total;
    private readonly DeviceMemory _channelSums;

    public OpenClPRelu(OpenClBackend backend, PReluSpec spec)
    {
        _spec = spec;
        _kernels = new ChannelKernels(backend, spec.Batch, spec.Channels, spec.Pixels);
        _forward = _kernels.Elements("prelu");
        _backward = _kernels.Elements("prelu_backward");
        _sums = _kernels.Sums("channel_sums", "SUM_NEGATIVE_PRODUCT");
        _total = _kernels.Single("sum_channels");
        _channelSums = new DeviceMemory(backend, (long)spec.Channels * sizeof(float));
    }

    private int Shared => _spec.Shared ? 1 : 0;

    public void Forward(DeviceBuffer input, DeviceBuffer slopes, DeviceBuffer output) =>
        _kernels.RunElements(_kernels.ElementShape(_forward.Read(input).Read(slopes).Write(output)).Number(Shared));

    public void BackwardData(DeviceBuffer input, DeviceBuffer slopes, DeviceBuffer outputDiff, DeviceBuffer inputDiff) =>
        _kernels.RunElements(_kernels.ElementShape(_backward.Read(input).Read(slopes).Read(outputDiff).Write(inputDiff)).Number(Shared));

    public void BackwardSlopes(DeviceBuffer input, DeviceBuffer outputDiff, DeviceBuffer slopesDiff)
    {
        _sums.Read(input).Read(outputDiff);
        if (_spec.Shared) _sums.Memory(_channelSums);
        else _sums.Update(slopesDiff);
        _kernels.RunSums(_kernels.Shape(_sums).Number(1f).Number(_spec.Shared ? 0 : 1));
        if (_spec.Shared) _total.Memory(_channelSums).Number(_spec.Channels).Update(slopesDiff).Run(1);
    }

    public void Dispose()
    {
        _kernels.Dispose();
        _channelSums.Dispose();
    }
}
