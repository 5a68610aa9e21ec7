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
        foreach (TestReport test in report.Tests)
        {
            float? accuracy = test.Score("accuracy");
            terminal.Line($"  {_watch.Elapsed.TotalSeconds,5:F1} s  iteration {report.Iteration,4}  training loss {Loss:F4}  held-out accuracy {100 * accuracy:F1} %");
            if (accuracy >= Enough) solver.RequestStop(snapshot: false);
        }
    }
}
