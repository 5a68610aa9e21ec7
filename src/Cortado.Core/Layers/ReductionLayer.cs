using Cortado.Backends.Contracts;
using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>Reduces all axes from <c>axis</c> on to one number: SUM, ASUM, SUMSQ or MEAN, times <c>coeff</c>.</summary>
public sealed class ReductionLayer : Layer
{
    private readonly OperatorSlot<IReduction> _reduction;

    /// <summary>Creates the layer.</summary>
    public ReductionLayer(LayerParameter parameter, LayerContext context) : base(parameter, context) => _reduction = Slot<IReduction>();

    /// <inheritdoc/>
    public override void Reshape(Blob[] bottom, Blob[] top)
    {
        if (top[0] == bottom[0]) throw Error($"the top cannot be the bottom ('{top[0].Name}'): give it another name.");
        ReductionParameter settings = Parameter.ReductionParam ?? new ReductionParameter();
        Shape shape = bottom[0].Shape;
        int axis = CanonicalAxis(bottom[0], settings.Axis, "axis");
        top[0].Reshape(new Shape(shape.ToArray().AsSpan(0, axis).ToArray()));
        int length = shape.CountFrom(axis);
        bool mean = settings.Operation == ReductionParameter.Types.ReductionOp.Mean;
        ReductionKind kind = settings.Operation switch
        {
            ReductionParameter.Types.ReductionOp.Asum => ReductionKind.AbsSum,
            ReductionParameter.Types.ReductionOp.Sumsq => ReductionKind.SumOfSquares,
            _ => ReductionKind.Sum,
        };
        _reduction.Prepare(Backend, new ReductionSpec(shape.CountBetween(0, axis), length, kind, mean ? settings.Coeff / length : settings.Coeff));
    }

    /// <inheritdoc/>
    public override void Forward(Blob[] bottom, Blob[] top) => _reduction.Operator.Forward(bottom[0].Data, top[0].Data);

    /// <inheritdoc/>
    public override void Backward(Blob[] top, bool[] propagateDown, Blob[] bottom)
    {
        if (propagateDown[0]) _reduction.Operator.Backward(bottom[0].Data, top[0].Diff, bottom[0].Diff);
    }
}
