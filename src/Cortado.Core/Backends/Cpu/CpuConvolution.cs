using Cortado.Backends.Contracts;
using Cortado.Tensors;

namespace Cortado.Backends.Cpu;

/// <summary>The managed backend's convolution: its three products, each prepared when it is first asked for.</summary>
internal sealed unsafe class CpuConvolution : IConvolution
{
    private readonly CpuBackend _backend;
    private readonly ConvolutionSpec _spec;
    private readonly ConvolutionPass _forward;
    private ConvolutionPass[]? _backwardData;
    private bool _coversInput;
    private ConvolutionWeightGradient? _backwardWeights;

    public CpuConvolution(CpuBackend backend, ConvolutionSpec spec)
    {
        if (spec.Groups < 1 || spec.InChannels % spec.Groups != 0 || spec.OutChannels % spec.Groups != 0)
            throw new ArgumentException($"{spec.Groups} groups do not divide {spec.InChannels} input and {spec.OutChannels} output channels.", nameof(spec));
        if (spec.OutHeight < 1 || spec.OutWidth < 1)
            throw new ArgumentException($"The kernel ({spec.KernelHeight} x {spec.KernelWidth}) is larger than the padded input ({spec.InHeight} x {spec.InWidth}).", nameof(spec));
        _backend = backend;
        _spec = spec;
        int channels = spec.InChannels / spec.Groups, outputs = spec.OutChannels / spec.Groups, taps = spec.KernelHeight * spec.KernelWidth;
        int[] indices = new int[taps];
        for (int i = 0; i < taps; i++) indices[i] = i;
        _forward = new ConvolutionPass(backend, ForwardGeometry(ConvolutionPass.ChannelsAtOnce(backend.Blocking, channels, taps)), spec.Groups, outputs,
            new ConvolutionWeights(outputs * channels * taps, channels * taps, taps, indices),
            new ConvolutionTarget(spec.OutHeight, spec.OutWidth, 1, 1, 0, 0), spec.FrozenWeights);
    }

    public void Forward(DeviceBuffer input, DeviceBuffer weights, DeviceBuffer? bias, DeviceBuffer output)
    {
        _forward.Run(input.HostPointer(HostAccess.Read), weights.HostPointer(HostAccess.Read),
            bias == null ? null : bias.HostPointer(HostAccess.Read), _spec.FuseRelu, output.HostPointer(HostAccess.Write));
        KeepAlive(input, weights, bias, output);
    }

    public void BackwardData(DeviceBuffer outputDiff, DeviceBuffer weights, DeviceBuffer inputDiff)
    {
        _backwardData ??= PrepareBackwardData();
        // Input positions that no window covers have no gradient.
        if (!_coversInput) inputDiff.Clear();
        float* source = outputDiff.HostPointer(HostAccess.Read), values = weights.HostPointer(HostAccess.Read);
        float* target = inputDiff.HostPointer(_coversInput ? HostAccess.Write : HostAccess.ReadWrite);
        foreach (ConvolutionPass pass in _backwardData) pass.Run(source, values, null, false, target);
        KeepAlive(outputDiff, weights, null, inputDiff);
    }

    public void BackwardWeights(DeviceBuffer input, DeviceBuffer outputDiff, DeviceBuffer? weightsDiff, DeviceBuffer? biasDiff)
    {
        _backwardWeights ??= new ConvolutionWeightGradient(_backend, ForwardGeometry(_spec.InChannels / _spec.Groups), _spec.Groups, _spec.OutChannels / _spec.Groups);
        _backwardWeights.Run(input.HostPointer(HostAccess.Read), outputDiff.HostPointer(HostAccess.Read),
            weightsDiff == null ? null : weightsDiff.HostPointer(HostAccess.ReadWrite), biasDiff == null ? null : biasDiff.HostPointer(HostAccess.ReadWrite));
        KeepAlive(input, outputDiff, weightsDiff, biasDiff);
    }

    public void WeightsChanged() => _forward.WeightsChanged();

    public void Dispose()
    {
        _forward.Dispose();
        _backwardWeights?.Dispose();
        if (_backwardData == null) return;
        foreach (ConvolutionPass pass in _backwardData) pass.Dispose();
    }

    /// <summary>The pointers above do not hold the buffers: a caller that lets go of one during the call would lose it to the collector.</summary>
    private static void KeepAlive(DeviceBuffer first, DeviceBuffer second, DeviceBuffer? third, DeviceBuffer? fourth)
    {
        GC.KeepAlive(first);
        GC.KeepAlive(second);
        GC.KeepAlive(third);
        GC.KeepAlive(fourth);
    }

    private Im2colGeometry ForwardGeometry(int channelsAtOnce)
    {
        ConvolutionSpec s = _spec;
        int taps = s.KernelHeight * s.KernelWidth;
        int[] y = new int[taps], x = new int[taps];
        for (int i = 0; i < taps; i++)
        {
            y[i] = i / s.KernelWidth * s.DilationHeight;
            x[i] = i % s.KernelWidth * s.DilationWidth;
        }
        return new Im2colGeometry(s.Batch, s.InChannels / s.Groups, s.InHeight, s.InWidth, checked(s.InChannels * s.InHeight * s.InWidth),
            s.OutHeight, s.OutWidth, s.StrideHeight, s.StrideWidth, -s.PadHeight, -s.PadWidth, y, x, channelsAtOnce);
    }

    /// <summary>
    /// The gradient of the input in gather form. Input row iy gets weight row kh times output row oy where iy + pad - kh * dilation =
    /// oy * stride. So the input rows of one remainder modulo the stride share their weight rows, and see output rows at step 1:
    /// a convolution with its own taps for each pair of remainders, a single one when the stride is 1.
    /// </summary>
    private ConvolutionPass[] PrepareBackwardData()
    {
        ConvolutionSpec s = _spec;
        int channels = s.InChannels / s.Groups, outputs = s.OutChannels / s.Groups, kernel = s.KernelHeight * s.KernelWidth;
        var passes = new List<ConvolutionPass>();
        _coversInput = true;
        for (int firstY = 0; firstY < Math.Min(s.StrideHeight, s.InHeight); firstY++)
            for (int firstX = 0; firstX < Math.Min(s.StrideWidth, s.InWidth); firstX++)
            {
                var y = new List<int>();
                var x = new List<int>();
                var indices = new List<int>();
                for (int kh = 0; kh < s.KernelHeight; kh++)
                    for (int kw = 0; kw < s.KernelWidth; kw++)
                    {
                        int fromY = firstY + s.PadHeight - kh * s.DilationHeight, fromX = firstX + s.PadWidth - kw * s.DilationWidth;
                        if (fromY % s.StrideHeight != 0 || fromX % s.StrideWidth != 0) continue;
                        y.Add(fromY / s.StrideHeight);
                        x.Add(fromX / s.StrideWidth);
                        indices.Add(kh * s.KernelWidth + kw);
                    }
                if (indices.Count == 0)
                {
                    _coversInput = false;
                    continue;
                }
                int taps = indices.Count;
                var geometry = new Im2colGeometry(s.Batch, outputs, s.OutHeight, s.OutWidth, checked(s.OutChannels * s.OutHeight * s.OutWidth),
                    (s.InHeight - firstY - 1) / s.StrideHeight + 1, (s.InWidth - firstX - 1) / s.StrideWidth + 1, 1, 1, 0, 0,
                    y.ToArray(), x.ToArray(), ConvolutionPass.ChannelsAtOnce(_backend.Blocking, outputs, taps));
                passes.Add(new ConvolutionPass(_backend, geometry, s.Groups, channels,
                    new ConvolutionWeights(outputs * channels * kernel, kernel, channels * kernel, indices.ToArray()),
                    new ConvolutionTarget(s.InHeight, s.InWidth, s.StrideHeight, s.StrideWidth, firstY, firstX), false));
            }
        return passes.ToArray();
    }
}
