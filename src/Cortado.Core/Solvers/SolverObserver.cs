namespace Cortado.Solvers;

/// <summary>Is told what a solver does, on the solver's thread. Override what is of interest.</summary>
public abstract class SolverObserver
{
    /// <summary>The networks stand and the training begins.</summary>
    public virtual void Started(Solver solver) { }

    /// <summary>
    /// The device compiles and makes room before the first iteration: that many of all passes through a layer are done, 0 before the first. Told only where the
    /// backend compiles (<see cref="Backends.IKernelCompiler"/>), and before <see cref="Started"/>.
    /// </summary>
    public virtual void WarmingUp(Solver solver, int done, int total) { }

    /// <summary>A test of a test network begins.</summary>
    public virtual void TestStarting(Solver solver, int net) { }

    /// <summary>A test is done.</summary>
    public virtual void TestDone(Solver solver, TestReport report) { }

    /// <summary>An iteration is done, or the closing forward pass and test.</summary>
    public virtual void IterationDone(Solver solver, IterationReport report) { }

    /// <summary>The files of a snapshot are about to be written.</summary>
    public virtual void SnapshotStarting(Solver solver, SnapshotFiles files) { }

    /// <summary>The files of a snapshot are written.</summary>
    public virtual void SnapshotDone(Solver solver, SnapshotFiles files) { }

    /// <summary>A line of <c>debug_info</c>.</summary>
    public virtual void DebugLine(Solver solver, string line) { }

    /// <summary>The training ended.</summary>
    public virtual void Finished(Solver solver, SolveOutcome outcome) { }
}
