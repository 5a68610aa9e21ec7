using Cortado.Backends.Contracts;
using Cortado.OpenCL.Runtime;
using Cortado.Tensors;

namespace Cortado.OpenCL.Operators;

/// <summary>A convolution: its three products, each prepared when it is first asked for.</summary>
internal sealed class OpenClConvolution : IConvolution
{
    private readonly MatrixKernels _kernels;
    private readonly OpenClBackend _backend;
    private readonly ConvolutionSpec _spec;
    private readonly ConvolutionGeometry _geometry;
    private readonly IConvolutionPass _forward;
    private IConvolutionPass[]? _backwardData;
    private bool _coversInput;
    private IConvolutionWeightGradient? _backwardWeights;
    private ChannelKernels? _channels;
    private Kernel? _biasSums;

    public OpenClConvolution(OpenClBackend backend, ConvolutionSpec spec)
    {
        _backend = backend;
        _kernels = backend.MatrixKernels;
        _spec = spec;
        _geometry = ConvolutionGeometry.Forward(spec);
        _forward = _kernels.Pass(_geometry, spec.FrozenWeights);
    }

    public void Forward(DeviceBuffer input, DeviceBuffer weights, DeviceBuffer? bias, DeviceBuffer output) =>
        _forward.Run(input, weights, bias, _spec.FuseRelu, output);

    public void BackwardData(DeviceBuffer outputDiff, DeviceBuffer weights, DeviceBuffer inputDiff)
    {
        _backwardData ??= PrepareBackwardData();
        // Input positions that no window covers have no gradient.
        if (!_coversInput) inputDiff.Clear();
        foreach (IConvolutionPass pass in _backwardData) pass.Run(outputDiff, weights, null, false, inputDiff);
    }

    public void BackwardWeights(DeviceBuffer input, DeviceBuffer outputDiff, DeviceBuffer? weightsDiff, DeviceBuffer? biasDiff)
    {
        if (weightsDiff != null)
        {
            _backwardWeights ??= _kernels.WeightGradient(_geometry);
            _backwardWeights.Run(input, outputDiff, weightsDiff);
        }
        if (biasDiff == null) return;
        _channels ??= new ChannelKernels(_backend, _spec.Batch, _spec.OutChannels, _spec.OutHeight * _spec.OutWidth);
        _biasSums ??= _channels.Sums("channel_sums");
        _biasSums.Read(outputDiff).Read(outputDiff).Update(biasDiff);
        _channels.RunSums(_channels.Shape(_biasSums).Number(1f).Number(1));
    }

    public void WeightsChanged() => _forward.WeightsChanged();

    public void Dispose()
    {
        _forward.Dispose();
        _backwardWeights?.Dispose();
        _channels?.Dispose();
        if (_backwardData == null) return;
        foreach (IConvolutionPass pass in _backwardData) pass.Dispose();
    }

    private IConvolutionPass[] PrepareBackwardData()
    {
        IReadOnlyList<ConvolutionGeometry> geometries = ConvolutionGeometry.BackwardData(_spec, out _coversInput);
        var passes = new IConvolutionPass[geometries.Count];
        for (int i = 0; i < passes.Length; i++) passes[i] = _kernels.Pass(geometries[i], frozen: false);
        return passes;
    }
}
