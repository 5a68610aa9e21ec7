namespace Cortado.Solvers;

/// <summary>Where a training went on from.</summary>
/// <param name="Path">The file that was read.</param>
/// <param name="Iteration">Updates that had been done.</param>
/// <param name="Exact">
/// Whether the training repeats the uninterrupted one bit for bit. From a <c>.solverstate</c> alone it does not: as in Caffe, data are read from
/// their beginning and random numbers start anew.
/// </param>
/// <param name="Notes">What people should know about it, a sentence each.</param>
public sealed record ResumeInfo(string Path, int Iteration, bool Exact, IReadOnlyList<string> Notes);
