using Cortado.Backends;
using Cortado.Backends.Contracts;
using Cortado.Formats;

namespace Cortado.Layers;

/// <summary>y = tanh(x), in place or not.</summary>
public sealed class TanhLayer : ActivationLayer
{
    /// <summary>Creates the layer.</summary>
    public TanhLayer(LayerParameter parameter, LayerContext context) : base(parameter, context) { }

    /// <inheritdoc/>
    protected override OperatorSpec<IActivation> Spec(int count) => new TanhSpec(count);
}
