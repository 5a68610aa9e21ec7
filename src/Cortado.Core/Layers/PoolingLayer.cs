using Cortado.Backends.Contracts;
using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>
/// Pooling over windows of an image, MAX or AVE. Bottom (N, C, H, W), top (N, C, H', W') with H' = ceil((H + 2 pad - kernel) / stride) + 1,
/// or floor with <c>round_mode: FLOOR</c>; where there is a pad, the last window must start inside the image or the pad before
/// it. A second top of MAX gets the maxima's indices within their planes.
/// </summary>
public sealed class PoolingLayer : Layer
{
    private readonly OperatorSlot<IMaxPooling> _max;
    private readonly OperatorSlot<IAveragePooling> _average;
    private readonly PoolingParameter _parameter;
    private (int Height, int Width) _kernel, _stride, _pad;

    /// <summary>Creates the layer.</summary>
    public PoolingLayer(LayerParameter parameter, LayerContext context) : base(parameter, context)
    {
        _max = Slot<IMaxPooling>();
        _average = Slot<IAveragePooling>();
        _parameter = parameter.PoolingParam ?? new PoolingParameter();
    }

    /// <inheritdoc/>
    public override BlobCounts Counts => new(1, 1, 1, IsMax ? 2 : 1);

    private bool IsMax => _parameter.Pool == PoolingParameter.Types.PoolMethod.Max;

    /// <inheritdoc/>
    public override void SetUp(Blob[] bottom, Blob[] top)
    {
        PoolingParameter p = _parameter;
        if (p.Pool == PoolingParameter.Types.PoolMethod.Stochastic)
            throw Error("pool: STOCHASTIC is not supported; expected MAX or AVE.");
        if (top[0] == bottom[0]) throw Error($"it cannot work in place; give its top another name than '{bottom[0].Name}'.");
        if (p.HasPad ? p.HasPadH || p.HasPadW : p.HasPadH != p.HasPadW)
            throw Error("expected pad, or pad_h and pad_w, or none of them.");
        if (p.HasStride ? p.HasStrideH || p.HasStrideW : p.HasStrideH != p.HasStrideW)
            throw Error("expected stride, or stride_h and stride_w, or none of them.");
        _pad = (LayerNumbers.Extent(p.HasPadH ? p.PadH : p.Pad, "pad", Name), LayerNumbers.Extent(p.HasPadW ? p.PadW : p.Pad, "pad", Name));
        _stride = (LayerNumbers.Positive(p.HasStrideH ? p.StrideH : p.Stride, "stride", Name),
            LayerNumbers.Positive(p.HasStrideW ? p.StrideW : p.Stride, "stride", Name));
        if (p.GlobalPooling)
        {
            if (p.HasKernelSize || p.HasKernelH || p.HasKernelW)
                throw Error("global_pooling: true takes the whole image as its window; remove kernel_size, kernel_h and kernel_w.");
            if (_pad != (0, 0) || _stride != (1, 1)) throw Error("global_pooling: true needs pad: 0 and stride: 1.");
            return;
        }
        if (p.HasKernelSize ? p.HasKernelH || p.HasKernelW : !p.HasKernelH || !p.HasKernelW)
            throw Error("expected kernel_size, or kernel_h and kernel_w.");
        _kernel = (LayerNumbers.Positive(p.HasKernelH ? p.KernelH : p.KernelSize, "kernel_size", Name),
            LayerNumbers.Positive(p.HasKernelW ? p.KernelW : p.KernelSize, "kernel_size", Name));
        if (_pad.Height >= _kernel.Height || _pad.Width >= _kernel.Width)
            throw Error($"pad ({_pad.Height} x {_pad.Width}) must be smaller than the kernel ({_kernel.Height} x {_kernel.Width}).");
    }

    /// <inheritdoc/>
    public override void Reshape(Blob[] bottom, Blob[] top)
    {
        Shape shape = bottom[0].Shape;
        if (shape.Rank != 4)
            throw Error($"bottom '{bottom[0].Name}' has shape {shape}; expected 4 axes (num, channels, height, width).");
        if (_parameter.GlobalPooling) _kernel = (shape[2], shape[3]);
        (int height, int width) = (Pooled(shape[2], _kernel.Height, _stride.Height, _pad.Height), Pooled(shape[3], _kernel.Width, _stride.Width, _pad.Width));
        if (height < 1 || width < 1)
            throw Error($"bottom '{bottom[0].Name}' has shape {shape}: too small for a window of {_kernel.Height} x {_kernel.Width} with pad {_pad.Height} x {_pad.Width}.");
        foreach (Blob blob in top) blob.Reshape(new Shape(shape[0], shape[1], height, width));
        if (IsMax) _max.Prepare(Backend, new MaxPoolingSpec
        {
            Planes = shape[0] * shape[1],
            InHeight = shape[2],
            InWidth = shape[3],
            OutHeight = height,
            OutWidth = width,
            KernelHeight = _kernel.Height,
            KernelWidth = _kernel.Width,
            StrideHeight = _stride.Height,
            StrideWidth = _stride.Width,
            PadHeight = _pad.Height,
            PadWidth = _pad.Width,
        });
        else _average.Prepare(Backend, new AveragePoolingSpec
        {
            Planes = shape[0] * shape[1],
            InHeight = shape[2],
            InWidth = shape[3],
            OutHeight = height,
            OutWidth = width,
            KernelHeight = _kernel.Height,
            KernelWidth = _kernel.Width,
            StrideHeight = _stride.Height,
            StrideWidth = _stride.Width,
            PadHeight = _pad.Height,
            PadWidth = _pad.Width,
        });
    }

    /// <inheritdoc/>
    public override void Forward(Blob[] bottom, Blob[] top)
    {
        if (IsMax) _max.Operator.Forward(bottom[0].Data, top[0].Data, top.Length > 1 ? top[1].Data : null);
        else _average.Operator.Forward(bottom[0].Data, top[0].Data);
    }

    /// <inheritdoc/>
    public override void Backward(Blob[] top, bool[] propagateDown, Blob[] bottom)
    {
        if (!propagateDown[0]) return;
        if (IsMax) _max.Operator.Backward(top[0].Diff, bottom[0].Diff);
        else _average.Operator.Backward(top[0].Diff, bottom[0].Diff);
    }

    private int Pooled(int extent, int kernel, int stride, int pad)
    {
        long room = extent + 2L * pad - kernel;
        long windows = (long)(_parameter.RoundMode == PoolingParameter.Types.RoundMode.Floor
            ? Math.Floor((double)room / stride) : Math.Ceiling((double)room / stride)) + 1;
        if ((_pad.Height > 0 || _pad.Width > 0) && (windows - 1) * stride >= extent + pad) windows--;
        return windows > int.MaxValue ? throw Error($"it would have {windows} windows in one direction.") : (int)windows;
    }
}
