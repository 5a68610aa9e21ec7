using Cortado.Backends;
using Cortado.Backends.Contracts;
using Cortado.Formats;

namespace Cortado.Solvers;

/// <summary>Nesterov's accelerated gradient.</summary>
internal sealed class NesterovRule : UpdateRule<INesterovUpdate>
{
    private readonly float _momentum;

    public NesterovRule(SolverParameter solver) => _momentum = solver.Momentum;

    public override bool RestsAtRateZero => true;

    protected override OperatorSpec<INesterovUpdate> Spec(int count) => new NesterovUpdateSpec(count);

    protected override void Apply(INesterovUpdate prepared, in ParamUpdate update) =>
        prepared.Apply(update.Weights, update.Diff, update.First, update.Terms, update.Rate, _momentum);
}
