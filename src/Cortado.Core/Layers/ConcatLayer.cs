using Cortado.Backends.Contracts;
using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>Joins blobs along an axis (<c>concat_param.axis</c>, 1 by default; <c>concat_dim</c> in older files). A single bottom is passed on as it is.</summary>
public sealed class ConcatLayer : Layer
{
    private OperatorSlot<IWindow>[] _parts = Array.Empty<OperatorSlot<IWindow>>();

    /// <summary>Creates the layer.</summary>
    public ConcatLayer(LayerParameter parameter, LayerContext context) : base(parameter, context) { }

    /// <inheritdoc/>
    public override BlobCounts Counts => new(1, BlobCounts.Any, 1, 1);

    /// <inheritdoc/>
    public override void SetUp(Blob[] bottom, Blob[] top)
    {
        if (Parameter.ConcatParam is { HasAxis: true, HasConcatDim: true })
            throw Error("both axis and concat_dim are given; expected one of them.");
        _parts = new OperatorSlot<IWindow>[bottom.Length];
        for (int i = 0; i < bottom.Length; i++) _parts[i] = Slot<IWindow>();
    }

    /// <inheritdoc/>
    public override void Reshape(Blob[] bottom, Blob[] top)
    {
        Shape first = bottom[0].Shape;
        int axis = Axis(bottom[0]), extent = 0;
        foreach (Blob blob in bottom)
        {
            if (blob.Shape.Rank != first.Rank || blob.Shape.With(axis, first[axis]) != first)
                throw Error($"the bottoms must have the same shape but for axis {axis}: '{bottom[0].Name}' is {first}, '{blob.Name}' is {blob.Shape}.");
            extent += blob.Shape[axis];
        }
        top[0].Reshape(first.With(axis, extent));
        if (bottom.Length == 1)
        {
            top[0].ShareData(bottom[0]);
            top[0].ShareDiff(bottom[0]);
            return;
        }
        int outer = first.CountBetween(0, axis), inner = first.CountFrom(axis + 1), offset = 0;
        for (int i = 0; i < bottom.Length; i++)
        {
            int length = bottom[i].Shape[axis] * inner;
            _parts[i].Prepare(Backend, new WindowSpec(new Shape(outer, extent * inner), new Shape(0, offset), new Shape(outer, length)));
            offset += length;
        }
    }

    /// <inheritdoc/>
    public override void Forward(Blob[] bottom, Blob[] top)
    {
        if (bottom.Length == 1) return;
        for (int i = 0; i < bottom.Length; i++) _parts[i].Operator.Write(bottom[i].Data, top[0].Data);
    }

    /// <inheritdoc/>
    public override void Backward(Blob[] top, bool[] propagateDown, Blob[] bottom)
    {
        if (bottom.Length == 1) return;
        for (int i = 0; i < bottom.Length; i++)
            if (propagateDown[i]) _parts[i].Operator.Read(top[0].Diff, bottom[i].Diff);
    }

    private int Axis(Blob blob) => Parameter.ConcatParam is { HasConcatDim: true } old
        ? CanonicalAxis(blob, (int)Math.Min(old.ConcatDim, int.MaxValue), "concat_dim")
        : CanonicalAxis(blob, Parameter.ConcatParam?.Axis ?? 1, "axis");
}
