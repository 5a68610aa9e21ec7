using Cortado.Backends.Contracts;
using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>
/// In TRAIN sets a part <c>dropout_ratio</c> of the values to zero and multiplies the others by 1 / (1 - ratio); in TEST passes them on.
/// In place or not.
/// </summary>
public sealed class DropoutLayer : Layer
{
    private readonly OperatorSlot<IDropout> _dropout;
    private readonly OperatorSlot<IActivation> _copy;
    private readonly CounterRandom _random;
    private ulong _drawn;

    /// <summary>Creates the layer.</summary>
    public DropoutLayer(LayerParameter parameter, LayerContext context) : base(parameter, context)
    {
        _dropout = Slot<IDropout>();
        _copy = Slot<IActivation>();
        _random = context.Random(parameter.Name + "/dropout");
    }

    /// <summary>Random numbers drawn so far.</summary>
    public override long Cursor
    {
        get => (long)_drawn;
        set => _drawn = (ulong)value & ~3UL;
    }

    private bool Drops => Context.Phase == Phase.Train;

    /// <inheritdoc/>
    public override void Reshape(Blob[] bottom, Blob[] top)
    {
        if (top[0] != bottom[0]) top[0].Reshape(bottom[0].Shape);
        float ratio = Parameter.DropoutParam?.DropoutRatio ?? 0.5f;
        if (!(ratio >= 0 && ratio < 1))
            throw Error(FormattableString.Invariant($"dropout_ratio is {ratio}; expected at least 0 and below 1."));
        if (Drops) _dropout.Prepare(Backend, new DropoutSpec(bottom[0].Count, ratio));
        else if (top[0] != bottom[0]) _copy.Prepare(Backend, new IdentitySpec(bottom[0].Count));
    }

    /// <inheritdoc/>
    public override void Forward(Blob[] bottom, Blob[] top)
    {
        if (Drops)
        {
            _dropout.Operator.Forward(bottom[0].Data, top[0].Data, _random, _drawn);
            // Whole blocks of the generator: the next call starts with a fresh one.
            _drawn += ((ulong)bottom[0].Count + 3) & ~3UL;
        }
        else if (top[0] != bottom[0])
        {
            _copy.Operator.Forward(bottom[0].Data, top[0].Data);
        }
    }

    /// <inheritdoc/>
    public override void Backward(Blob[] top, bool[] propagateDown, Blob[] bottom)
    {
        if (!propagateDown[0]) return;
        if (Drops) _dropout.Operator.Backward(top[0].Diff, bottom[0].Diff);
        else if (top[0] != bottom[0]) _copy.Operator.Backward(bottom[0].Data, top[0].Data, top[0].Diff, bottom[0].Diff);
    }
}
