using Cortado.Backends;
using Cortado.Backends.Contracts;
using Cortado.Formats;

namespace Cortado.Layers;

/// <summary>y = log(1 + exp(x)), the binomial normal log likelihood.</summary>
public sealed class BnllLayer : ActivationLayer
{
    /// <summary>Creates the layer.</summary>
    public BnllLayer(LayerParameter parameter, LayerContext context) : base(parameter, context) { }

    /// <inheritdoc/>
    protected override OperatorSpec<IActivation> Spec(int count) => new BnllSpec(count);
}
