using Cortado.Backends.Contracts;
using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>Repeats a blob along an axis.</summary>
public sealed class TileLayer : Layer
{
    private readonly OperatorSlot<ITile> _tile;

    /// <summary>Creates the layer.</summary>
    public TileLayer(LayerParameter parameter, LayerContext context) : base(parameter, context) => _tile = Slot<ITile>();

    /// <inheritdoc/>
    public override void Reshape(Blob[] bottom, Blob[] top)
    {
        if (top[0] == bottom[0]) throw Error($"the top cannot be the bottom ('{top[0].Name}'): give it another name.");
        TileParameter settings = Parameter.TileParam ?? new TileParameter();
        if (settings.Tiles <= 0) throw Error($"tiles is {(settings.HasTiles ? settings.Tiles.ToString(System.Globalization.CultureInfo.InvariantCulture) : "missing")}; expected at least 1.");
        Shape shape = bottom[0].Shape;
        int axis = CanonicalAxis(bottom[0], settings.Axis, "axis");
        if ((long)shape[axis] * settings.Tiles > int.MaxValue) throw Error($"{settings.Tiles} tiles of {shape} are too many.");
        top[0].Reshape(shape.With(axis, shape[axis] * settings.Tiles));
        _tile.Prepare(Backend, new TileSpec(shape.CountBetween(0, axis), shape.CountFrom(axis), settings.Tiles));
    }

    /// <inheritdoc/>
    public override void Forward(Blob[] bottom, Blob[] top) => _tile.Operator.Forward(bottom[0].Data, top[0].Data);

    /// <inheritdoc/>
    public override void Backward(Blob[] top, bool[] propagateDown, Blob[] bottom)
    {
        if (propagateDown[0]) _tile.Operator.Backward(top[0].Diff, bottom[0].Diff);
    }
}
