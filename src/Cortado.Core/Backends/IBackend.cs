using Cortado.Tensors;

namespace Cortado.Backends;

/// <summary>
/// A device that computes: it makes buffers and prepares operators. Everything that takes time or memory (choosing an
/// algorithm, compiling, tuning, workspace) happens in <see cref="Prepare{TOperator}"/>; running an operator allocates nothing.
/// A backend and what it made belong to one thread at a time.
/// </summary>
public interface IBackend : IBufferAllocator, IDisposable
{
    /// <summary>A short name for logs: <c>CPU</c>.</summary>
    string Name { get; }

    /// <summary>A line for people: the device, how many threads, how wide its vectors are.</summary>
    string Description { get; }

    /// <summary>Waits until all work given so far is done. For measuring: nothing else needs it, for a host view waits for what it shows.</summary>
    void Synchronize();

    /// <summary>An operator made ready for the fixed shapes and settings in <paramref name="spec"/>.</summary>
    /// <exception cref="NotSupportedException">Neither this backend nor its fallback has the operator.</exception>
    TOperator Prepare<TOperator>(OperatorSpec<TOperator> spec) where TOperator : class, IOperator;
}

/// <summary>Work prepared for fixed shapes. Its workspace dies with it.</summary>
public interface IOperator : IDisposable
{
}

/// <summary>
/// What must be known to prepare an operator: shapes and settings. A contract file holds the spec and the operator's
/// interface together; a backend's catalog says who makes it.
/// </summary>
/// <typeparam name="TOperator">The contract that the prepared operator fulfils.</typeparam>
public abstract record OperatorSpec<TOperator> where TOperator : class, IOperator;
