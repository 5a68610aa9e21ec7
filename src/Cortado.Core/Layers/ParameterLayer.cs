using Cortado.Backends;
using Cortado.Backends.Contracts;
using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>A learned blob of a given shape as a top.</summary>
public sealed class ParameterLayer : Layer
{
    private readonly OperatorSlot<IWeightedSum> _sum;
    private readonly DeviceBuffer[] _diffs = new DeviceBuffer[2];

    /// <summary>Creates the layer.</summary>
    public ParameterLayer(LayerParameter parameter, LayerContext context) : base(parameter, context) => _sum = Slot<IWeightedSum>();

    /// <inheritdoc/>
    public override BlobCounts Counts => BlobCounts.Exactly(0, 1);

    /// <inheritdoc/>
    public override void SetUp(Blob[] bottom, Blob[] top) =>
        AddBlob(LayerNumbers.ToShape(Parameter.ParameterParam?.Shape ?? new BlobShape(), Name), null);

    /// <inheritdoc/>
    public override void Reshape(Blob[] bottom, Blob[] top)
    {
        top[0].Reshape(Blobs[0].Shape);
        top[0].ShareData(Blobs[0]);
        _sum.Prepare(Backend, new WeightedSumSpec(Blobs[0].Count));
    }

    /// <summary>Nothing to do: the data is the learned blob's.</summary>
    public override void Forward(Blob[] bottom, Blob[] top) { }

    /// <summary>Adds the top's gradient to the learned blob's, so that several backward passes accumulate (Caffe shares the two and so keeps only the last).</summary>
    public override void Backward(Blob[] top, bool[] propagateDown, Blob[] bottom)
    {
        if (!WantsParamDiff(0)) return;
        _diffs[0] = Blobs[0].Diff;
        _diffs[1] = top[0].Diff;
        _sum.Operator.Run(_diffs, default, Blobs[0].Diff);
    }
}
