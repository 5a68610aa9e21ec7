namespace Cortado.Backends;

/// <summary>
/// A backend that compiles kernels for its device: when they are asked for, or when they first run, as the driver likes. So the first pass of a network may take seconds
/// where the next takes milliseconds, and is better done before somebody waits for it.
/// </summary>
public interface IKernelCompiler : IBackend
{
    /// <summary>Programs compiled from their source since the backend was opened.</summary>
    int CompiledPrograms { get; }

    /// <summary>Programs taken from a cache since the backend was opened.</summary>
    int CachedPrograms { get; }
}
