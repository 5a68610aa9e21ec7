using Cortado.Backends;
using Cortado.Backends.Contracts;
using Cortado.Formats;

namespace Cortado.Solvers;

/// <summary>AdaDelta. The first history array holds squared gradients, the second squared updates.</summary>
internal sealed class AdaDeltaRule : UpdateRule<IAdaDeltaUpdate>
{
    private readonly float _momentum, _delta;

    public AdaDeltaRule(SolverParameter solver)
    {
        _momentum = solver.Momentum;
        _delta = solver.Delta;
    }

    public override bool HasSecond => true;

    protected override OperatorSpec<IAdaDeltaUpdate> Spec(int count) => new AdaDeltaUpdateSpec(count);

    protected override void Apply(IAdaDeltaUpdate prepared, in ParamUpdate update) =>
        prepared.Apply(update.Weights, update.Diff, update.First, update.Second!, update.Terms, update.Rate, _momentum, _delta);
}
