using System.Numerics;

namespace Cortado.Backends.Cpu;

/// <summary>How loops over <see cref="Vector{T}"/> step that have a loop over single floats behind them.</summary>
internal static class VectorLoop
{
    /// <summary>
    /// Floats of a step. More than any array has where the runtime calls a function for every operation of a vector (Mono, IL2CPP): there the loop behind,
    /// some ten times faster, does it all. A constant to every compiler that has vectors.
    /// </summary>
    public static int Width => Vector.IsHardwareAccelerated ? Vector<float>.Count : int.MaxValue;
}
