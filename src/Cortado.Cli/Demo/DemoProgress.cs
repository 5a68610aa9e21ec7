using System.Diagnostics;
using System.Globalization;
using Cortado.Solvers;

namespace Cortado.Cli.Demo;

/// <summary>Shows the demo's training: a bar with the loss, and a line for each test on held-out pictures.</summary>
internal sealed class DemoProgress(Terminal terminal, ProgressDisplay display) : SolverObserver
{
    /// <summary>The held-out accuracy at which there is no point in going on.</summary>
    public const float Enough = 0.98f;

    private readonly Stopwatch _watch = Stopwatch.StartNew();

    /// <summary>The smoothed loss of the last iteration.</summary>
    public float Loss { get; private set; }

    public override void IterationDone(Solver solver, IterationReport report)
    {
        if (!report.Closing)
        {
            Loss = report.Iteration == 0 ? report.Loss : 0.9f * Loss + 0.1f * report.Loss;
            display.Report(report.Iteration + 1, string.Create(CultureInfo.InvariantCulture, $"loss {Loss:F3}"));
        }
    }

    public override void TestDone(Solver solver, TestReport report)
    {
        float? accuracy = report.Score("accuracy");
        string loss = report.Iteration == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"training loss {Loss:F4}  ");
        terminal.Line(string.Create(CultureInfo.InvariantCulture, $"  {_watch.Elapsed.TotalSeconds,5:F1} s  iteration {report.Iteration,4}  {loss,-22}held-out accuracy {100 * accuracy,5:F1} %"));
        // Asked for here, the stop comes before the next update: the weights stay those that were tested.
        if (accuracy >= Enough) solver.RequestStop(snapshot: false);
    }
}
