using Cortado.Backends;
using Cortado.Backends.Contracts;
using Cortado.Formats;

namespace Cortado.Layers;

/// <summary>y = (scale * x + shift) ^ power.</summary>
public sealed class PowerLayer : ActivationLayer
{
    /// <summary>Creates the layer.</summary>
    public PowerLayer(LayerParameter parameter, LayerContext context) : base(parameter, context) { }

    /// <inheritdoc/>
    protected override OperatorSpec<IActivation> Spec(int count) => Parameter.PowerParam is { } power
        ? new PowerSpec(count, power.Power, power.Scale, power.Shift)
        : new PowerSpec(count, 1, 1, 0);
}
