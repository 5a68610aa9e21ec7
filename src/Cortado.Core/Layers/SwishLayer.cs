using Cortado.Backends.Contracts;
using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>y = x / (1 + exp(-beta * x)). In place it keeps a copy of its input for the gradient.</summary>
public sealed class SwishLayer : Layer
{
    private readonly OperatorSlot<IActivation> _swish, _copy;
    private readonly Blob _input;

    /// <summary>Creates the layer.</summary>
    public SwishLayer(LayerParameter parameter, LayerContext context) : base(parameter, context)
    {
        _swish = Slot<IActivation>();
        _copy = Slot<IActivation>();
        _input = Scratch("input");
    }

    /// <inheritdoc/>
    public override void Reshape(Blob[] bottom, Blob[] top)
    {
        _swish.Prepare(Backend, new SwishSpec(bottom[0].Count, Parameter.SwishParam?.Beta ?? 1));
        if (top[0] != bottom[0])
        {
            top[0].Reshape(bottom[0].Shape);
            return;
        }
        _input.Reshape(bottom[0].Shape);
        _copy.Prepare(Backend, new IdentitySpec(bottom[0].Count));
    }

    /// <inheritdoc/>
    public override void Forward(Blob[] bottom, Blob[] top)
    {
        if (top[0] == bottom[0]) _copy.Operator.Forward(bottom[0].Data, _input.Data);
        _swish.Operator.Forward(bottom[0].Data, top[0].Data);
    }

    /// <inheritdoc/>
    public override void Backward(Blob[] top, bool[] propagateDown, Blob[] bottom)
    {
        if (!propagateDown[0]) return;
        Blob input = top[0] == bottom[0] ? _input : bottom[0];
        _swish.Operator.Backward(input.Data, top[0].Data, top[0].Diff, bottom[0].Diff);
    }
}
