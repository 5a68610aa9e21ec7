using Cortado.Backends;
using Cortado.Backends.Contracts;
using Cortado.Formats;

namespace Cortado.Layers;

/// <summary>y = 1 / (1 + exp(-x)), in place or not.</summary>
public sealed class SigmoidLayer : ActivationLayer
{
    /// <summary>Creates the layer.</summary>
    public SigmoidLayer(LayerParameter parameter, LayerContext context) : base(parameter, context) { }

    /// <inheritdoc/>
    protected override OperatorSpec<IActivation> Spec(int count) => new SigmoidSpec(count);
}
