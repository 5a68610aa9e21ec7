using Cortado.Backends.Contracts;
using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>
/// Cuts the first bottom to the second's extents from <c>axis</c> on, at <c>offset</c>: none (0), one for all axes, or one for each.
/// </summary>
public sealed class CropLayer : Layer
{
    private readonly OperatorSlot<IWindow> _window;

    /// <summary>Creates the layer.</summary>
    public CropLayer(LayerParameter parameter, LayerContext context) : base(parameter, context) => _window = Slot<IWindow>();

    /// <inheritdoc/>
    public override BlobCounts Counts => BlobCounts.Exactly(2, 1);

    /// <inheritdoc/>
    public override void Reshape(Blob[] bottom, Blob[] top)
    {
        if (top[0] == bottom[0]) throw Error($"the top cannot be the bottom ('{top[0].Name}'): give it another name.");
        CropParameter settings = Parameter.CropParam ?? new CropParameter();
        Shape whole = bottom[0].Shape, size = bottom[1].Shape;
        int axis = CanonicalAxis(bottom[0], settings.Axis, "axis"), given = settings.Offset.Count;
        if (size.Rank < whole.Rank)
            throw Error($"the second bottom gives the extents of each axis of the first: '{bottom[0].Name}' is {whole}, '{bottom[1].Name}' is only {size}.");
        if (given > 1 && axis + given != whole.Rank)
            throw Error($"offset is given {given} times; expected once, or once for each of the {whole.Rank - axis} axes from axis {axis} on.");
        int[] offsets = new int[whole.Rank], extents = whole.ToArray();
        for (int i = axis; i < whole.Rank; i++)
        {
            uint offset = given == 0 ? 0 : settings.Offset[given == 1 ? 0 : i - axis];
            if (offset > whole[i] || whole[i] - (int)offset < size[i])
                throw Error($"on axis {i}, {size[i]} values from offset {offset} on do not fit into the {whole[i]} of '{bottom[0].Name}' ({whole}).");
            offsets[i] = (int)offset;
            extents[i] = size[i];
        }
        var window = new Shape(extents);
        top[0].Reshape(window);
        _window.Prepare(Backend, new WindowSpec(whole, new Shape(offsets), window));
    }

    /// <inheritdoc/>
    public override void Forward(Blob[] bottom, Blob[] top) => _window.Operator.Read(bottom[0].Data, top[0].Data);

    /// <inheritdoc/>
    public override void Backward(Blob[] top, bool[] propagateDown, Blob[] bottom)
    {
        if (!propagateDown[0]) return;
        bottom[0].Diff.Clear();
        _window.Operator.Write(top[0].Diff, bottom[0].Diff);
    }
}
