using Cortado.Backends;
using Cortado.Backends.Contracts;
using Cortado.Formats;

namespace Cortado.Solvers;

/// <summary>AdaGrad. Takes no momentum.</summary>
internal sealed class AdaGradRule : UpdateRule<IAdaGradUpdate>
{
    private readonly float _delta;

    public AdaGradRule(SolverParameter solver)
    {
        RefuseMomentum(solver);
        _delta = solver.Delta;
    }

    protected override OperatorSpec<IAdaGradUpdate> Spec(int count) => new AdaGradUpdateSpec(count);

    protected override void Apply(IAdaGradUpdate prepared, in ParamUpdate update) =>
        prepared.Apply(update.Weights, update.Diff, update.First, update.Terms, update.Rate, _delta);
}
