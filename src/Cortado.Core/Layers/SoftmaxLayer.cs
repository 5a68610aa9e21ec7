using Cortado.Backends.Contracts;
using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>Probabilities from scores, over one axis (<c>softmax_param.axis</c>, 1 by default).</summary>
public sealed class SoftmaxLayer : Layer
{
    private readonly OperatorSlot<ISoftmax> _softmax;

    /// <summary>Creates the layer.</summary>
    public SoftmaxLayer(LayerParameter parameter, LayerContext context) : base(parameter, context) => _softmax = Slot<ISoftmax>();

    /// <inheritdoc/>
    public override void Reshape(Blob[] bottom, Blob[] top)
    {
        Shape shape = bottom[0].Shape;
        int axis = CanonicalAxis(bottom[0], Parameter.SoftmaxParam?.Axis ?? 1, "axis");
        if (top[0] != bottom[0]) top[0].Reshape(shape);
        _softmax.Prepare(Backend, new SoftmaxSpec(shape.CountBetween(0, axis), shape[axis], shape.CountFrom(axis + 1)));
    }

    /// <inheritdoc/>
    public override void Forward(Blob[] bottom, Blob[] top) => _softmax.Operator.Forward(bottom[0].Data, top[0].Data);

    /// <inheritdoc/>
    public override void Backward(Blob[] top, bool[] propagateDown, Blob[] bottom)
    {
        if (propagateDown[0]) _softmax.Operator.Backward(top[0].Data, top[0].Diff, bottom[0].Diff);
    }
}
