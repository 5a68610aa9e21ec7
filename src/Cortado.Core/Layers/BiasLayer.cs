using Cortado.Backends.Contracts;
using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>Adds an offset for each index of some axes: learned (<c>axis</c>, <c>num_axes</c>), or the second bottom.</summary>
public sealed class BiasLayer : Layer
{
    private readonly OperatorSlot<IChannelAffine> _affine;
    private readonly BiasParameter _settings;

    /// <summary>Creates the layer.</summary>
    public BiasLayer(LayerParameter parameter, LayerContext context) : base(parameter, context)
    {
        _settings = parameter.BiasParam ?? new BiasParameter();
        _affine = Slot<IChannelAffine>();
    }

    /// <inheritdoc/>
    public override BlobCounts Counts => new(1, 2, 1, 1);

    /// <inheritdoc/>
    public override void SetUp(Blob[] bottom, Blob[] top)
    {
        if (bottom.Length == 1)
            AddBlob(Broadcast.LearnedShape(this, bottom[0], _settings.Axis, _settings.NumAxes), _settings.Filler ?? new FillerParameter());
    }

    /// <inheritdoc/>
    public override void Reshape(Blob[] bottom, Blob[] top)
    {
        if (top[0] != bottom[0]) top[0].Reshape(bottom[0].Shape);
        _affine.Prepare(Backend, Broadcast.Spec(this, bottom[0], Offset(bottom), _settings.Axis));
    }

    /// <inheritdoc/>
    public override void Forward(Blob[] bottom, Blob[] top) =>
        _affine.Operator.Forward(bottom[0].Data, null, Offset(bottom).Data, top[0].Data);

    /// <inheritdoc/>
    public override void Backward(Blob[] top, bool[] propagateDown, Blob[] bottom)
    {
        bool learned = bottom.Length == 1;
        if (learned ? WantsParamDiff(0) : propagateDown[1]) _affine.Operator.BackwardBias(top[0].Diff, Offset(bottom).Diff, accumulate: learned);
        if (propagateDown[0]) _affine.Operator.BackwardData(top[0].Diff, null, bottom[0].Diff);
    }

    private Blob Offset(Blob[] bottom) => bottom.Length > 1 ? bottom[1] : Blobs[0];
}
