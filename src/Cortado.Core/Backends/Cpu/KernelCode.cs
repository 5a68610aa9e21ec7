using System.Runtime.CompilerServices;

namespace Cortado.Backends.Cpu;

/// <summary>How kernels ask to be compiled.</summary>
internal static class KernelCode
{
    /// <summary>
    /// At once and at full speed. Without it the first steps of a training would run in unoptimised code, in which a vector is a
    /// struct in memory. netstandard2.1 does not name the flag, its runtimes know it.
    /// </summary>
    public const MethodImplOptions Optimized = (MethodImplOptions)512;
}
