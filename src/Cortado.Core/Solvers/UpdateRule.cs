using Cortado.Backends;
using Cortado.Formats;

namespace Cortado.Solvers;

/// <summary>How weights follow their gradients: one prepared operator for each blob of weights.</summary>
internal abstract class UpdateRule : IDisposable
{
    /// <summary>Whether the rule keeps a second history array for each blob.</summary>
    public virtual bool HasSecond => false;

    /// <summary>Whether nothing changes at rate 0, not even the history, as long as that is zero.</summary>
    public virtual bool RestsAtRateZero => false;

    /// <summary>The rule that a solver's <c>type</c> names.</summary>
    /// <exception cref="CortadoException">There is no such rule, or it cannot work with the other settings.</exception>
    public static UpdateRule Create(SolverParameter solver) => solver.Type switch
    {
        "SGD" => new SgdRule(solver),
        "Nesterov" => new NesterovRule(solver),
        "AdaGrad" => new AdaGradRule(solver),
        "RMSProp" => new RmsPropRule(solver),
        "AdaDelta" => new AdaDeltaRule(solver),
        "Adam" => new AdamRule(solver),
        _ => throw new CortadoException($"The solver's type is '{solver.Type}'; expected SGD, Nesterov, AdaGrad, RMSProp, AdaDelta or Adam."),
    };

    /// <summary>Prepares the operator for a blob.</summary>
    public abstract void Prepare(IBackend backend, int param, int count);

    /// <summary>Updates a blob and leaves its gradient zero.</summary>
    public abstract void Apply(int param, in ParamUpdate update);

    /// <inheritdoc/>
    public abstract void Dispose();

    protected static void RefuseMomentum(SolverParameter solver)
    {
        if (solver.Momentum != 0)
            throw new CortadoException(FormattableString.Invariant($"Momentum cannot be used with {solver.Type}: the solver has momentum {solver.Momentum}; expected 0, or no momentum at all."));
    }
}

/// <summary>The part that all rules share: an operator of their kind for each blob.</summary>
internal abstract class UpdateRule<TOperator> : UpdateRule where TOperator : class, IOperator
{
    private readonly List<TOperator?> _operators = new();

    public override void Prepare(IBackend backend, int param, int count)
    {
        while (_operators.Count <= param) _operators.Add(null);
        _operators[param]?.Dispose();
        _operators[param] = backend.Prepare(Spec(count));
    }

    public override void Apply(int param, in ParamUpdate update) => Apply(_operators[param]!, update);

    public override void Dispose()
    {
        foreach (TOperator? prepared in _operators) prepared?.Dispose();
        _operators.Clear();
    }

    protected abstract OperatorSpec<TOperator> Spec(int count);

    protected abstract void Apply(TOperator prepared, in ParamUpdate update);
}
