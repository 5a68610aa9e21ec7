using Cortado.Backends;
using Cortado.Backends.Contracts;
using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>y = base ^ (scale * x + shift); base -1 means e.</summary>
public sealed class ExpLayer : ActivationLayer
{
    /// <summary>Creates the layer.</summary>
    public ExpLayer(LayerParameter parameter, LayerContext context) : base(parameter, context) { }

    private float _inner, _outer;

    /// <inheritdoc/>
    public override void SetUp(Blob[] bottom, Blob[] top)
    {
        ExpParameter parameter = Parameter.ExpParam ?? new ExpParameter();
        bool natural = parameter.Base == -1;
        if (!natural && !(parameter.Base > 0 && parameter.Base < float.PositiveInfinity))
            throw Error(FormattableString.Invariant($"base is {parameter.Base}; expected a number above 0, or -1 for e."));
        _inner = (natural ? 1 : MathF.Log(parameter.Base)) * parameter.Scale;
        _outer = parameter.Shift == 0 ? 1 : natural ? MathF.Exp(parameter.Shift) : MathF.Pow(parameter.Base, parameter.Shift);
    }

    /// <inheritdoc/>
    protected override OperatorSpec<IActivation> Spec(int count) => new ExponentialSpec(count, _inner, _outer);
}
