using Cortado.Backends;
using Cortado.Backends.Contracts;
using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>y = |x|; not in place.</summary>
public sealed class AbsValLayer : ActivationLayer
{
    /// <summary>Creates the layer.</summary>
    public AbsValLayer(LayerParameter parameter, LayerContext context) : base(parameter, context) { }

    /// <inheritdoc/>
    public override void SetUp(Blob[] bottom, Blob[] top)
    {
        if (top[0] == bottom[0]) throw Error($"it cannot work in place; give its top another name than '{bottom[0].Name}'.");
    }

    /// <inheritdoc/>
    protected override OperatorSpec<IActivation> Spec(int count) => new AbsoluteSpec(count);
}
