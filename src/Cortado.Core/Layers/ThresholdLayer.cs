using Cortado.Backends;
using Cortado.Backends.Contracts;
using Cortado.Formats;

namespace Cortado.Layers;

/// <summary>y = 1 where x is above the threshold, else 0. It has no gradient.</summary>
public sealed class ThresholdLayer : ActivationLayer
{
    /// <summary>Creates the layer.</summary>
    public ThresholdLayer(LayerParameter parameter, LayerContext context) : base(parameter, context) { }

    /// <inheritdoc/>
    public override bool CanBackward => false;

    /// <inheritdoc/>
    protected override OperatorSpec<IActivation> Spec(int count) => new ThresholdSpec(count, Parameter.ThresholdParam?.Threshold ?? 0);
}
