namespace Cortado.Backends;

/// <summary>Which specs a backend can prepare, and how: one line an operator.</summary>
/// <typeparam name="TBackend">The backend whose operators these are.</typeparam>
public sealed class OperatorCatalog<TBackend>
{
    private readonly Dictionary<Type, Delegate> _factories = new();

    /// <summary>Adds the operator made for one type of spec.</summary>
    public OperatorCatalog<TBackend> Add<TSpec, TOperator>(Func<TBackend, TSpec, TOperator> prepare)
        where TSpec : OperatorSpec<TOperator>
        where TOperator : class, IOperator
    {
        // The factory is wrapped so that it can be called with the spec's base type, without reflection.
        Func<TBackend, OperatorSpec<TOperator>, TOperator> factory = (backend, spec) => prepare(backend, (TSpec)spec);
        _factories.Add(typeof(TSpec), factory);
        return this;
    }

    /// <summary>Prepares the operator for a spec, or says that there is none.</summary>
    public bool TryPrepare<TOperator>(TBackend backend, OperatorSpec<TOperator> spec, out TOperator? prepared)
        where TOperator : class, IOperator
    {
        prepared = null;
        if (!_factories.TryGetValue(spec.GetType(), out Delegate? factory)) return false;
        prepared = ((Func<TBackend, OperatorSpec<TOperator>, TOperator>)factory)(backend, spec);
        return true;
    }
}
