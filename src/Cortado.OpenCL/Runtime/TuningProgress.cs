namespace Cortado.OpenCL.Runtime;

/// <summary>How far a search for the fastest numbers is that goes on from start to start.</summary>
/// <param name="Seconds">Work done so far, pauses not counted.</param>
/// <param name="Best">The compile options of the best so far; null where that is what is in use.</param>
/// <param name="Tried">The compile options of all candidates that were begun. One that ended the process is among them, too.</param>
internal sealed record TuningProgress(double Seconds, string? Best, IReadOnlyList<string> Tried);
