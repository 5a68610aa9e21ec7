using Cortado.Backends;
using Cortado.Backends.Contracts;
using Cortado.Formats;

namespace Cortado.Layers;

/// <summary>y = x above 0, alpha * (exp(x) - 1) below, in place or not.</summary>
public sealed class EluLayer : ActivationLayer
{
    /// <summary>Creates the layer.</summary>
    public EluLayer(LayerParameter parameter, LayerContext context) : base(parameter, context) { }

    /// <inheritdoc/>
    protected override OperatorSpec<IActivation> Spec(int count) => new EluSpec(count, Parameter.EluParam?.Alpha ?? 1);
}
