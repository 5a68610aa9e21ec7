using Cortado.Backends;
using Cortado.Backends.Contracts;
using Cortado.Formats;

namespace Cortado.Solvers;

/// <summary>RMSProp. Takes no momentum.</summary>
internal sealed class RmsPropRule : UpdateRule<IRmsPropUpdate>
{
    private readonly float _rmsDecay, _delta;

    public RmsPropRule(SolverParameter solver)
    {
        RefuseMomentum(solver);
        _rmsDecay = solver.RmsDecay;
        _delta = solver.Delta;
        if (!(_rmsDecay >= 0 && _rmsDecay < 1))
            throw new CortadoException(FormattableString.Invariant($"The solver's rms_decay is {_rmsDecay}; expected at least 0 and less than 1."));
    }

    protected override OperatorSpec<IRmsPropUpdate> Spec(int count) => new RmsPropUpdateSpec(count);

    protected override void Apply(IRmsPropUpdate prepared, in ParamUpdate update) =>
        prepared.Apply(update.Weights, update.Diff, update.First, update.Terms, update.Rate, _rmsDecay, _delta);
}
