using Cortado.Backends.Contracts;
using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>
/// y = max(x, 0) + slope * min(x, 0) with a learnable slope for each channel (axis 1), or one with <c>channel_shared</c>. In place it
/// keeps a copy of its input for the gradient.
/// </summary>
public sealed class PReluLayer : Layer
{
    private readonly OperatorSlot<IPRelu> _prelu;
    private readonly OperatorSlot<IActivation> _copy;
    private readonly Blob _input;
    private int _channels;
    private bool _shared;

    /// <summary>Creates the layer.</summary>
    public PReluLayer(LayerParameter parameter, LayerContext context) : base(parameter, context)
    {
        _prelu = Slot<IPRelu>();
        _copy = Slot<IActivation>();
        _input = Scratch("input");
    }

    /// <inheritdoc/>
    public override void SetUp(Blob[] bottom, Blob[] top)
    {
        Shape shape = bottom[0].Shape;
        if (shape.Rank < 2)
            throw Error($"bottom '{bottom[0].Name}' has shape {shape}; expected at least 2 axes, the second being channels.");
        _channels = shape[1];
        _shared = Parameter.PreluParam?.ChannelShared ?? false;
        AddBlob(_shared ? new Shape() : new Shape(_channels),
            Parameter.PreluParam?.Filler ?? new FillerParameter { Type = "constant", Value = 0.25f });
    }

    /// <inheritdoc/>
    public override void Reshape(Blob[] bottom, Blob[] top)
    {
        Shape shape = bottom[0].Shape;
        if (shape.Rank < 2 || (!_shared && shape[1] != _channels))
            throw Error($"bottom '{bottom[0].Name}' has shape {shape}; expected {_channels} channels, as there are slopes.");
        _prelu.Prepare(Backend, new PReluSpec(shape[0], shape[1], shape.CountFrom(2), _shared));
        if (top[0] != bottom[0])
        {
            top[0].Reshape(shape);
            return;
        }
        _input.Reshape(shape);
        _copy.Prepare(Backend, new IdentitySpec(bottom[0].Count));
    }

    /// <inheritdoc/>
    public override void Forward(Blob[] bottom, Blob[] top)
    {
        if (top[0] == bottom[0]) _copy.Operator.Forward(bottom[0].Data, _input.Data);
        _prelu.Operator.Forward(bottom[0].Data, Blobs[0].Data, top[0].Data);
    }

    /// <inheritdoc/>
    public override void Backward(Blob[] top, bool[] propagateDown, Blob[] bottom)
    {
        Blob input = top[0] == bottom[0] ? _input : bottom[0];
        // The slopes first: in place the data's gradient overwrites what they need.
        if (WantsParamDiff(0)) _prelu.Operator.BackwardSlopes(input.Data, top[0].Diff, Blobs[0].Diff);
        if (propagateDown[0]) _prelu.Operator.BackwardData(input.Data, Blobs[0].Data, top[0].Diff, bottom[0].Diff);
    }
}
