using System.Globalization;
using Cortado.Solvers;

namespace Cortado.Cli.Training;

/// <summary>The bar under the log.</summary>
internal sealed class TrainProgress(ProgressDisplay display) : SolverObserver
{
    public override void IterationDone(Solver solver, IterationReport report)
    {
        if (!report.Closing && display.IsLive)
            display.Report(solver.Iteration, string.Create(CultureInfo.InvariantCulture, $"{solver.Iteration}, loss {report.SmoothedLoss:G4}"));
    }
}
