using Cortado.Backends.Contracts;
using Cortado.OpenCL.Runtime;
using Cortado.Tensors;

namespace Cortado.OpenCL.Operators;

/// <summary>A factor and an offset for each channel.</summary>
internal sealed class OpenClChannelAffine : IChannelAffine
{
    private readonly ChannelKernels _kernels;
    private readonly Kernel _affine, _sums, _products;

    public OpenClChannelAffine(OpenClBackend backend, ChannelAffineSpec spec)
    {
        _kernels = new ChannelKernels(backend, spec.Outer, spec.Channels, spec.Inner);
        _affine = _kernels.Elements("affine");
        _sums = _kernels.Sums("channel_sums");
        _products = _kernels.Sums("channel_sums", "SUM_PRODUCT");
    }

    public void Forward(DeviceBuffer input, DeviceBuffer? scale, DeviceBuffer? bias, DeviceBuffer output) =>
        _kernels.RunElements(_kernels.ElementShape(_affine.Read(input).Read(scale).Read(bias).Write(output)));

    public void BackwardData(DeviceBuffer outputDiff, DeviceBuffer? scale, DeviceBuffer inputDiff)
    {
        if (scale == null && outputDiff == inputDiff) return;
        Forward(outputDiff, scale, null, inputDiff);
    }

    public void BackwardScale(DeviceBuffer input, DeviceBuffer outputDiff, DeviceBuffer scaleDiff, bool accumulate) =>
        Sum(_products, input, outputDiff, scaleDiff, accumulate);

    public void BackwardBias(DeviceBuffer outputDiff, DeviceBuffer biasDiff, bool accumulate) => Sum(_sums, outputDiff, outputDiff, biasDiff, accumulate);

    public void Dispose() => _kernels.Dispose();

    private void Sum(Kernel kernel, DeviceBuffer x, DeviceBuffer y, DeviceBuffer sums, bool accumulate)
    {
        kernel.Read(x).Read(y);
        if (accumulate) kernel.Update(sums);
        else kernel.Write(sums);
        _kernels.RunSums(_kernels.Shape(kernel).Number(1f).Number(accumulate ? 1 : 0));
    }
}
