using Cortado.Backends.Contracts;
using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>y = max(x, 0) + negative_slope * min(x, 0), in place or not.</summary>
public sealed class ReluLayer : Layer
{
    private readonly OperatorSlot<IActivation> _relu;

    /// <summary>Creates the layer.</summary>
    public ReluLayer(LayerParameter parameter, LayerContext context) : base(parameter, context) => _relu = Slot<IActivation>();

    /// <summary>The slope below zero.</summary>
    public float NegativeSlope => Parameter.ReluParam?.NegativeSlope ?? 0;

    /// <inheritdoc/>
    public override void Reshape(Blob[] bottom, Blob[] top)
    {
        if (top[0] != bottom[0]) top[0].Reshape(bottom[0].Shape);
        _relu.Prepare(Backend, new ReluSpec(bottom[0].Count, NegativeSlope));
    }

    /// <inheritdoc/>
    public override void Forward(Blob[] bottom, Blob[] top) => _relu.Operator.Forward(bottom[0].Data, top[0].Data);

    /// <inheritdoc/>
    public override void Backward(Blob[] top, bool[] propagateDown, Blob[] bottom)
    {
        if (propagateDown[0]) _relu.Operator.Backward(bottom[0].Data, top[0].Data, top[0].Diff, bottom[0].Diff);
    }
}
