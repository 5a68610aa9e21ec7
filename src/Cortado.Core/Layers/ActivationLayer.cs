using Cortado.Backends;
using Cortado.Backends.Contracts;
using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>
/// A layer that applies one function to each element, in place or not. In place the gradient is computed from the output, as
/// in Caffe: exact for a function whose derivative can be told from its value.
/// </summary>
public abstract class ActivationLayer : Layer
{
    private readonly OperatorSlot<IActivation> _activation;

    /// <summary>Creates the layer.</summary>
    protected ActivationLayer(LayerParameter parameter, LayerContext context) : base(parameter, context) => _activation = Slot<IActivation>();

    /// <summary>The function, for so many elements.</summary>
    protected abstract OperatorSpec<IActivation> Spec(int count);

    /// <inheritdoc/>
    public override void Reshape(Blob[] bottom, Blob[] top)
    {
        if (top[0] != bottom[0]) top[0].Reshape(bottom[0].Shape);
        _activation.Prepare(Backend, Spec(bottom[0].Count));
    }

    /// <inheritdoc/>
    public override void Forward(Blob[] bottom, Blob[] top) => _activation.Operator.Forward(bottom[0].Data, top[0].Data);

    /// <inheritdoc/>
    public override void Backward(Blob[] top, bool[] propagateDown, Blob[] bottom)
    {
        if (propagateDown[0]) _activation.Operator.Backward(bottom[0].Data, top[0].Data, top[0].Diff, bottom[0].Diff);
    }
}
