using Cortado.Backends.Contracts;
using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>Cuts a blob into tops along an axis, at <c>slice_point</c>s or into equal parts. A single top gets the bottom as it is.</summary>
public sealed class SliceLayer : Layer
{
    private OperatorSlot<IWindow>[] _parts = Array.Empty<OperatorSlot<IWindow>>();

    /// <summary>Creates the layer.</summary>
    public SliceLayer(LayerParameter parameter, LayerContext context) : base(parameter, context) { }

    /// <inheritdoc/>
    public override BlobCounts Counts => new(1, 1, 1, BlobCounts.Any);

    /// <inheritdoc/>
    public override void SetUp(Blob[] bottom, Blob[] top)
    {
        if (Parameter.SliceParam is { HasAxis: true, HasSliceDim: true })
            throw Error("both axis and slice_dim are given; expected one of them.");
        _parts = new OperatorSlot<IWindow>[top.Length];
        for (int i = 0; i < top.Length; i++) _parts[i] = Slot<IWindow>();
    }

    /// <inheritdoc/>
    public override void Reshape(Blob[] bottom, Blob[] top)
    {
        Shape shape = bottom[0].Shape;
        int axis = Axis(bottom[0]), extent = shape[axis];
        int outer = shape.CountBetween(0, axis), inner = shape.CountFrom(axis + 1), start = 0;
        for (int i = 0; i < top.Length; i++)
        {
            int end = End(i, top.Length, extent);
            if (end <= start)
                throw Error($"part {i} would reach from {start} to {end} of the {extent} on axis {axis} of '{bottom[0].Name}' ({shape}); slice_points must grow and stay within.");
            top[i].Reshape(shape.With(axis, end - start));
            if (top.Length == 1)
            {
                top[0].ShareData(bottom[0]);
                top[0].ShareDiff(bottom[0]);
                return;
            }
            _parts[i].Prepare(Backend, new WindowSpec(new Shape(outer, extent * inner), new Shape(0, start * inner), new Shape(outer, (end - start) * inner)));
            start = end;
        }
    }

    /// <inheritdoc/>
    public override void Forward(Blob[] bottom, Blob[] top)
    {
        if (top.Length == 1) return;
        for (int i = 0; i < top.Length; i++) _parts[i].Operator.Read(bottom[0].Data, top[i].Data);
    }

    /// <inheritdoc/>
    public override void Backward(Blob[] top, bool[] propagateDown, Blob[] bottom)
    {
        if (!propagateDown[0] || top.Length == 1) return;
        for (int i = 0; i < top.Length; i++) _parts[i].Operator.Write(top[i].Diff, bottom[0].Diff);
    }

    private int Axis(Blob blob) => Parameter.SliceParam is { HasSliceDim: true } old
        ? CanonicalAxis(blob, (int)Math.Min(old.SliceDim, int.MaxValue), "slice_dim")
        : CanonicalAxis(blob, Parameter.SliceParam?.Axis ?? 1, "axis");

    private int End(int part, int parts, int extent)
    {
        int points = Parameter.SliceParam?.SlicePoint.Count ?? 0;
        if (points == 0)
        {
            if (extent % parts != 0)
                throw Error($"{extent} cannot be cut into {parts} equal parts; give {parts - 1} slice_points.");
            return extent / parts * (part + 1);
        }
        if (points != parts - 1)
            throw Error($"there are {points} slice_points for {parts} tops; expected {parts - 1}.");
        return part == points ? extent : (int)Math.Min(Parameter.SliceParam!.SlicePoint[part], (uint)extent);
    }
}
