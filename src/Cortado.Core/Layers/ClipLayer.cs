using Cortado.Backends;
using Cortado.Backends.Contracts;
using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>y = max(min, min(x, max)).</summary>
public sealed class ClipLayer : ActivationLayer
{
    /// <summary>Creates the layer.</summary>
    public ClipLayer(LayerParameter parameter, LayerContext context) : base(parameter, context) { }

    /// <inheritdoc/>
    public override void SetUp(Blob[] bottom, Blob[] top)
    {
        if (Parameter.ClipParam is not { HasMin: true, HasMax: true }) throw Error("clip_param must give min and max.");
    }

    /// <inheritdoc/>
    protected override OperatorSpec<IActivation> Spec(int count) => new ClipSpec(count, Parameter.ClipParam.Min, Parameter.ClipParam.Max);
}
