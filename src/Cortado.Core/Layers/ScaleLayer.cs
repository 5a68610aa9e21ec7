using Cortado.Backends;
using Cortado.Backends.Contracts;
using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>
/// Multiplies by a factor for each index of some axes: learned (<c>axis</c>, <c>num_axes</c>), or the second bottom; and where
/// <c>bias_term</c> says so adds a learned offset of the same shape.
/// </summary>
public sealed class ScaleLayer : Layer
{
    private readonly OperatorSlot<IChannelAffine> _affine;
    private readonly OperatorSlot<IWeightedSum> _copy;
    private readonly Blob _input;
    private readonly DeviceBuffer[] _one = new DeviceBuffer[1];
    private readonly ScaleParameter _settings;

    /// <summary>Creates the layer.</summary>
    public ScaleLayer(LayerParameter parameter, LayerContext context) : base(parameter, context)
    {
        _settings = parameter.ScaleParam ?? new ScaleParameter();
        _affine = Slot<IChannelAffine>();
        _copy = Slot<IWeightedSum>();
        _input = Scratch("input");
    }

    /// <inheritdoc/>
    public override BlobCounts Counts => new(1, 2, 1, 1);

    /// <inheritdoc/>
    public override void SetUp(Blob[] bottom, Blob[] top)
    {
        if (bottom.Length == 1)
            AddBlob(Broadcast.LearnedShape(this, bottom[0], _settings.Axis, _settings.NumAxes), _settings.Filler ?? new FillerParameter { Type = "constant", Value = 1 });
        if (_settings.BiasTerm)
            AddBlob(bottom.Length == 1 ? Blobs[0].Shape : Broadcast.LearnedShape(this, bottom[0], _settings.Axis, bottom[1].Shape.Rank), _settings.BiasFiller ?? new FillerParameter());
    }

    /// <inheritdoc/>
    public override void Reshape(Blob[] bottom, Blob[] top)
    {
        if (top[0] != bottom[0]) top[0].Reshape(bottom[0].Shape);
        _affine.Prepare(Backend, Broadcast.Spec(this, bottom[0], Factor(bottom), _settings.Axis));
        if (!KeepsInput(bottom, top)) return;
        _input.Reshape(bottom[0].Shape);
        _copy.Prepare(Backend, new WeightedSumSpec(bottom[0].Count));
    }

    /// <inheritdoc/>
    public override void Forward(Blob[] bottom, Blob[] top)
    {
        if (KeepsInput(bottom, top))
        {
            _one[0] = bottom[0].Data;
            _copy.Operator.Run(_one, default, _input.Data);
        }
        _affine.Operator.Forward(bottom[0].Data, Factor(bottom).Data, Bias?.Data, top[0].Data);
    }

    /// <inheritdoc/>
    public override void Backward(Blob[] top, bool[] propagateDown, Blob[] bottom)
    {
        bool learned = bottom.Length == 1;
        if (Bias != null && WantsParamDiff(Blobs.Count - 1)) _affine.Operator.BackwardBias(top[0].Diff, Bias.Diff, accumulate: true);
        if (learned ? WantsParamDiff(0) : propagateDown[1])
        {
            Blob input = KeepsInput(bottom, top) ? _input : bottom[0];
            _affine.Operator.BackwardScale(input.Data, top[0].Diff, Factor(bottom).Diff, accumulate: learned);
        }
        if (propagateDown[0]) _affine.Operator.BackwardData(top[0].Diff, Factor(bottom).Data, bottom[0].Diff);
    }

    private Blob? Bias => _settings.BiasTerm ? Blobs[Blobs.Count - 1] : null;

    private Blob Factor(Blob[] bottom) => bottom.Length > 1 ? bottom[1] : Blobs[0];

    // In place the input is gone by the time its product with the gradient is wanted. Frozen factors want none.
    private bool KeepsInput(Blob[] bottom, Blob[] top) => top[0] == bottom[0] && (bottom.Length > 1 || !Context.FrozenWeights);
}
