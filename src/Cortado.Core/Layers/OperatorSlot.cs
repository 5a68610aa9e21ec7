using Cortado.Backends;

namespace Cortado.Layers;

/// <summary>Holds a layer's operator, prepared anew only when the shapes or settings really change.</summary>
public sealed class OperatorSlot<TOperator> : IDisposable where TOperator : class, IOperator
{
    private OperatorSpec<TOperator>? _spec;
    private TOperator? _operator;

    /// <summary>The prepared operator.</summary>
    public TOperator Operator => _operator ?? throw new InvalidOperationException("The operator was used before the layer was reshaped.");

    /// <summary>Prepares the operator for a spec; does nothing when it equals the last one.</summary>
    public void Prepare(IBackend backend, OperatorSpec<TOperator> spec)
    {
        if (_operator != null && spec.Equals(_spec)) return;
        _operator?.Dispose();
        _operator = null;
        _operator = backend.Prepare(spec);
        _spec = spec;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _operator?.Dispose();
        _operator = null;
    }
}
