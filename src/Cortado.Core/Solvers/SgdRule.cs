using Cortado.Backends;
using Cortado.Backends.Contracts;
using Cortado.Formats;

namespace Cortado.Solvers;

/// <summary>Stochastic gradient descent with momentum.</summary>
internal sealed class SgdRule : UpdateRule<ISgdUpdate>
{
    private readonly float _momentum;

    public SgdRule(SolverParameter solver) => _momentum = solver.Momentum;

    public override bool RestsAtRateZero => true;

    protected override OperatorSpec<ISgdUpdate> Spec(int count) => new SgdUpdateSpec(count);

    protected override void Apply(ISgdUpdate prepared, in ParamUpdate update) =>
        prepared.Apply(update.Weights, update.Diff, update.First, update.Terms, update.Rate, _momentum);
}
