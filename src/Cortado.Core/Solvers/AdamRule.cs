using Cortado.Backends;
using Cortado.Backends.Contracts;
using Cortado.Formats;

namespace Cortado.Solvers;

/// <summary>Adam. <c>momentum</c> is beta1, <c>momentum2</c> beta2, <c>delta</c> epsilon.</summary>
internal sealed class AdamRule : UpdateRule<IAdamUpdate>
{
    private readonly float _beta1, _beta2, _epsilon;

    public AdamRule(SolverParameter solver)
    {
        _beta1 = solver.Momentum;
        _beta2 = solver.Momentum2;
        _epsilon = solver.Delta;
    }

    public override bool HasSecond => true;

    protected override OperatorSpec<IAdamUpdate> Spec(int count) => new AdamUpdateSpec(count);

    protected override void Apply(IAdamUpdate prepared, in ParamUpdate update)
    {
        int step = update.Iteration + 1;
        float correction = (float)(Math.Sqrt(1 - Math.Pow(_beta2, step)) / (1 - Math.Pow(_beta1, step)));
        prepared.Apply(update.Weights, update.Diff, update.First, update.Second!, update.Terms, update.Rate * correction, _beta1, _beta2, _epsilon);
    }
}
