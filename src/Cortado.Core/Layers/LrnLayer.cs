using Cortado.Backends.Contracts;
using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>
/// Local response normalisation: every value divided by a power of the mean square of its neighbours across channels or, with
/// <c>norm_region: WITHIN_CHANNEL</c> (which ignores <c>k</c>, as Caffe does), across pixels. Bottom and top (N, C, H, W).
/// </summary>
public sealed class LrnLayer : Layer
{
    private readonly OperatorSlot<ILrn> _lrn;
    private readonly LRNParameter _parameter;

    /// <summary>Creates the layer.</summary>
    public LrnLayer(LayerParameter parameter, LayerContext context) : base(parameter, context)
    {
        _lrn = Slot<ILrn>();
        _parameter = parameter.LrnParam ?? new LRNParameter();
    }

    /// <inheritdoc/>
    public override void SetUp(Blob[] bottom, Blob[] top)
    {
        if (_parameter.LocalSize % 2 != 1 || _parameter.LocalSize > 1 << 15)
            throw Error($"local_size is {_parameter.LocalSize}; expected an odd number, such as 5.");
        if (top[0] == bottom[0] && Context.Phase == Phase.Train)
            throw Error($"it cannot be trained in place, for its gradient needs its input; give its top another name than '{bottom[0].Name}'.");
    }

    /// <inheritdoc/>
    public override void Reshape(Blob[] bottom, Blob[] top)
    {
        Shape shape = bottom[0].Shape;
        if (shape.Rank != 4)
            throw Error($"bottom '{bottom[0].Name}' has shape {shape}; expected 4 axes (num, channels, height, width).");
        if (top[0] != bottom[0]) top[0].Reshape(shape);
        int size = (int)_parameter.LocalSize;
        if (_parameter.NormRegion == LRNParameter.Types.NormRegion.WithinChannel)
            _lrn.Prepare(Backend, new LrnWithinChannelSpec(shape[0] * shape[1], shape[2], shape[3], size, _parameter.Alpha, _parameter.Beta));
        else
            _lrn.Prepare(Backend, new LrnAcrossChannelsSpec(shape[0], shape[1], shape[2] * shape[3], size, _parameter.Alpha, _parameter.Beta, _parameter.K));
    }

    /// <inheritdoc/>
    public override void Forward(Blob[] bottom, Blob[] top) => _lrn.Operator.Forward(bottom[0].Data, top[0].Data);

    /// <inheritdoc/>
    public override void Backward(Blob[] top, bool[] propagateDown, Blob[] bottom)
    {
        if (propagateDown[0]) _lrn.Operator.Backward(bottom[0].Data, top[0].Diff, bottom[0].Diff);
    }
}
