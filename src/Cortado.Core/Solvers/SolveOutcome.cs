namespace Cortado.Solvers;

/// <summary>How a training ended.</summary>
public enum SolveOutcome
{
    /// <summary>It reached <c>max_iter</c>.</summary>
    Finished,

    /// <summary>It was asked to stop.</summary>
    Stopped,

    /// <summary>A monitor ended it; <see cref="Solver.StopReason"/> says why.</summary>
    Diverged,
}
