using Cortado.Backends;
using Cortado.Backends.Contracts;
using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>Several names for one blob: the tops share the bottom's data, and the bottom's gradient is the sum of theirs.</summary>
public sealed class SplitLayer : Layer
{
    private readonly OperatorSlot<IWeightedSum> _sum;
    private DeviceBuffer[] _diffs = Array.Empty<DeviceBuffer>();

    /// <summary>Creates the layer.</summary>
    public SplitLayer(LayerParameter parameter, LayerContext context) : base(parameter, context) => _sum = Slot<IWeightedSum>();

    /// <inheritdoc/>
    public override BlobCounts Counts => new(1, 1, 1, BlobCounts.Any);

    /// <inheritdoc/>
    public override void Reshape(Blob[] bottom, Blob[] top)
    {
        foreach (Blob blob in top)
        {
            if (blob == bottom[0]) throw Error($"a top cannot be the bottom ('{blob.Name}'): give it another name.");
            blob.Reshape(bottom[0].Shape);
            blob.ShareData(bottom[0]);
        }
        if (_diffs.Length != top.Length) _diffs = new DeviceBuffer[top.Length];
        _sum.Prepare(Backend, new WeightedSumSpec(bottom[0].Count));
    }

    /// <summary>Nothing to do: the data is the same.</summary>
    public override void Forward(Blob[] bottom, Blob[] top) { }

    /// <inheritdoc/>
    public override void Backward(Blob[] top, bool[] propagateDown, Blob[] bottom)
    {
        if (!propagateDown[0]) return;
        // A top without memory for its gradient (one that only an Accuracy reads) has none: it is zero.
        int count = 0;
        foreach (Blob blob in top)
            if (blob.HasDiff) _diffs[count++] = blob.Diff;
        _sum.Operator.Run(_diffs.AsSpan(0, count), default, bottom[0].Diff);
    }
}
