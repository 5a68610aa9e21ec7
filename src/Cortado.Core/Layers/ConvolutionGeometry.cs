using Cortado.Formats;
using Google.Protobuf.Collections;

namespace Cortado.Layers;

/// <summary>Kernel, stride, pad and dilation of a 2-D convolution, read from a prototxt as Caffe reads them.</summary>
internal sealed class ConvolutionGeometry
{
    private readonly string _layer;

    /// <exception cref="CortadoException">A field is missing, given twice over, or out of range.</exception>
    public ConvolutionGeometry(ConvolutionParameter parameter, string layer)
    {
        _layer = layer;
        (KernelHeight, KernelWidth) = Pair("kernel_size", "kernel", parameter.KernelSize,
            parameter.HasKernelH ? parameter.KernelH : null, parameter.HasKernelW ? parameter.KernelW : null, null);
        (StrideHeight, StrideWidth) = Pair("stride", "stride", parameter.Stride,
            parameter.HasStrideH ? parameter.StrideH : null, parameter.HasStrideW ? parameter.StrideW : null, 1);
        (PadHeight, PadWidth) = Pair("pad", "pad", parameter.Pad,
            parameter.HasPadH ? parameter.PadH : null, parameter.HasPadW ? parameter.PadW : null, 0);
        (DilationHeight, DilationWidth) = Pair("dilation", "dilation", parameter.Dilation, null, null, 1);
    }

    public int KernelHeight { get; }

    public int KernelWidth { get; }

    public int StrideHeight { get; }

    public int StrideWidth { get; }

    public int PadHeight { get; }

    public int PadWidth { get; }

    public int DilationHeight { get; }

    public int DilationWidth { get; }

    /// <summary>Output rows and columns of a convolution over an input; an error when the kernel does not fit.</summary>
    public (int Height, int Width) Convolved(int height, int width) =>
        (Convolved("high", height, KernelHeight, StrideHeight, PadHeight, DilationHeight),
         Convolved("wide", width, KernelWidth, StrideWidth, PadWidth, DilationWidth));

    /// <summary>Output rows and columns of a deconvolution over an input: the input whose convolution has that size.</summary>
    public (int Height, int Width) Deconvolved(int height, int width) =>
        (Deconvolved(height, KernelHeight, StrideHeight, PadHeight, DilationHeight),
         Deconvolved(width, KernelWidth, StrideWidth, PadWidth, DilationWidth));

    private int Convolved(string direction, int extent, int kernel, int stride, int pad, int dilation)
    {
        long padded = extent + 2L * pad, reach = dilation * (kernel - 1L) + 1;
        if (padded > int.MaxValue || reach > padded)
            throw new CortadoException($"layer '{_layer}': the kernel reaches {reach} pixels {direction} but the padded input is only {padded} {direction}; use a smaller kernel_size or dilation, or a larger input or pad.");
        return (int)((padded - reach) / stride) + 1;
    }

    private int Deconvolved(int extent, int kernel, int stride, int pad, int dilation)
    {
        long size = stride * (extent - 1L) + dilation * (kernel - 1L) + 1 - 2L * pad;
        if (size is < 1 or > int.MaxValue)
            throw new CortadoException($"layer '{_layer}': an input extent of {extent} with kernel {kernel}, stride {stride}, pad {pad} and dilation {dilation} gives an output extent of {size}; expected at least 1.");
        return (int)size;
    }

    private (int Height, int Width) Pair(string field, string stem, RepeatedField<uint> repeated, uint? height, uint? width, uint? otherwise)
    {
        bool named = height != null || width != null;
        if (named && repeated.Count > 0)
            throw new CortadoException($"layer '{_layer}': both {field} and {stem}_h/{stem}_w are given; expected one or the other.");
        if (repeated.Count > 2)
            throw new CortadoException($"layer '{_layer}': {field} is given {repeated.Count} times; expected once, or once for height and once for width.");
        uint? h = named ? height ?? otherwise : repeated.Count > 0 ? repeated[0] : otherwise;
        uint? w = named ? width ?? otherwise : repeated.Count > 0 ? repeated[repeated.Count - 1] : otherwise;
        if (h == null || w == null)
            throw new CortadoException(named
                ? $"layer '{_layer}': only one of {stem}_h and {stem}_w is given; expected both, or {field}."
                : $"layer '{_layer}': {field} is missing from convolution_param.");
        return stem == "pad"
            ? (LayerNumbers.Extent(h.Value, field, _layer), LayerNumbers.Extent(w.Value, field, _layer))
            : (LayerNumbers.Positive(h.Value, field, _layer), LayerNumbers.Positive(w.Value, field, _layer));
    }
}
