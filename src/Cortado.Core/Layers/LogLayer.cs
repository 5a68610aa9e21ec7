using Cortado.Backends;
using Cortado.Backends.Contracts;
using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>y = log_base(scale * x + shift); base -1 means e.</summary>
public sealed class LogLayer : ActivationLayer
{
    /// <summary>Creates the layer.</summary>
    public LogLayer(LayerParameter parameter, LayerContext context) : base(parameter, context) { }

    private float _scale, _shift, _outer;

    /// <inheritdoc/>
    public override void SetUp(Blob[] bottom, Blob[] top)
    {
        LogParameter parameter = Parameter.LogParam ?? new LogParameter();
        bool natural = parameter.Base == -1;
        if (!natural && !(parameter.Base > 0 && parameter.Base < float.PositiveInfinity && parameter.Base != 1))
            throw Error(FormattableString.Invariant($"base is {parameter.Base}; expected a number above 0 other than 1, or -1 for e."));
        (_scale, _shift) = (parameter.Scale, parameter.Shift);
        _outer = natural ? 1 : 1 / MathF.Log(parameter.Base);
    }

    /// <inheritdoc/>
    protected override OperatorSpec<IActivation> Spec(int count) => new LogarithmSpec(count, _scale, _shift, _outer);
}
