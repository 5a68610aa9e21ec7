using System.Diagnostics;
using System.Globalization;
using Cortado.Solvers;

namespace Cortado.Training;

/// <summary>
/// Writes what a solver does in the lines of Caffe's own log, so that tools that read Caffe's logs work: <c>Iteration 50, lr = 0.03</c>,
/// <c>    Test net output #0: accuracy = 0.48</c>. The one difference on purpose: the first <c>iter/s</c> is 0 where Caffe prints an uninitialised number.
/// </summary>
public sealed class CaffeLog : SolverObserver
{
    private readonly Action<string> _write;
    private readonly bool _prefix;
    private readonly int _process;
    private bool _closingWritten;

    /// <summary>Creates the log.</summary>
    /// <param name="write">Takes each line, without its end.</param>
    /// <param name="prefix">Whether lines begin as Caffe's do: severity and date, time, process, source: <c>I20261123 18:04:17.103871 25572 solver.cpp:239] </c>.</param>
    public CaffeLog(Action<string> write, bool prefix = false)
    {
        _write = write;
        _prefix = prefix;
        using Process current = Process.GetCurrentProcess();
        _process = current.Id;
    }

    /// <inheritdoc/>
    public override void Started(Solver solver)
    {
        _closingWritten = false;
        bool file = solver.TrainSource.Contains(' ');
        Line("solver.cpp:102", file ? $"Creating training net from {solver.TrainSource}" : $"Creating training net specified in {solver.TrainSource}.");
        for (int i = 0; i < solver.TestSources.Count; i++)
            Line("solver.cpp:190", Text($"Creating test net (#{i}) specified by {solver.TestSources[i]}"));
        Line("solver.cpp:57", "Solver scaffolding done.");
        foreach (Nets.WeightReport weights in solver.WeightReports) Line("solver.cpp:72", $"Finetuning from {weights.FileName}");
        if (solver.Resumed != null) Line("caffe.cpp:228", $"Resuming from {solver.Resumed.Path}");
        Line("caffe.cpp:239", "Starting Optimization");
        Line("solver.cpp:289", $"Solving {solver.Net.Name}");
        Line("solver.cpp:290", $"Learning Rate Policy: {solver.Parameter.LrPolicy}");
        if (solver.Resumed == null) return;
        foreach (string note in solver.Resumed.Notes) Line("solver.cpp:296", note);
    }

    /// <inheritdoc/>
    public override void IterationDone(Solver solver, IterationReport report)
    {
        if (report.Closing)
        {
            WriteClosing(report);
            return;
        }
        if (report.Displayed) WriteDisplayed(solver, report);
        if (report.StepTaken) Line("sgd_solver.cpp:44", Text($"MultiStep Status: Iteration {report.Iteration}, step = {report.CurrentStep}"));
        if (report.Displayed) Line("sgd_solver.cpp:112", Text($"Iteration {report.Iteration}, lr = {CaffeNumber.Format(report.LearningRate)}"));
        if (report.ClipScale != 1)
            Line("sgd_solver.cpp:93", $"Gradient clipping: scaling down gradients (L2 norm {CaffeNumber.Format(report.GradientNorm ?? 0)} > {CaffeNumber.Format(solver.Parameter.ClipGradients)}) by scale factor {CaffeNumber.Format(report.ClipScale)}");
    }

    /// <inheritdoc/>
    public override void TestStarting(Solver solver, int net)
    {
        if (solver.Report.Closing) WriteClosing(solver.Report);
        Line("solver.cpp:347", Text($"Iteration {solver.Iteration}, Testing net (#{net})"));
    }

    /// <inheritdoc/>
    public override void TestDone(Solver solver, TestReport report)
    {
        if (report.Loss is { } loss) Line("solver.cpp:397", $"Test loss: {CaffeNumber.Format(loss)}");
        WriteScores("solver.cpp:414", "Test", report.Scores);
    }

    /// <inheritdoc/>
    public override void SnapshotStarting(Solver solver, SnapshotFiles files)
    {
        if (!files.Healthy) Line("solver.cpp:460", "The weights are not finite: the snapshot takes another name, and earlier ones stay.");
        Line("solver.cpp:464", $"Snapshotting to binary proto file {files.Model}");
        Line("sgd_solver.cpp:284", $"Snapshotting solver state to binary proto file {files.State}");
        Line("solver.cpp:466", $"Snapshotting checkpoint to {files.Checkpoint}");
    }

    /// <inheritdoc/>
    public override void DebugLine(Solver solver, string line) => Line("net.cpp:566", line);

    /// <inheritdoc/>
    public override void Finished(Solver solver, SolveOutcome outcome)
    {
        switch (outcome)
        {
            case SolveOutcome.Finished:
                Line("solver.cpp:332", "Optimization Done.");
                Line("caffe.cpp:250", "Optimization Done.");
                break;
            case SolveOutcome.Stopped:
                Line("solver.cpp:317", "Optimization stopped early.");
                Line("caffe.cpp:250", "Optimization Done.");
                break;
            default:
                Line("solver.cpp:317", Text($"Training stopped at iteration {solver.Iteration}: {solver.StopReason}"));
                break;
        }
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);

    private void WriteDisplayed(Solver solver, IterationReport report)
    {
        // Caffe's timer counts whole milliseconds.
        float seconds = (int)(report.SecondsSinceDisplay * 1000) / 1000f;
        float rate = report.IterationsSinceDisplay / (seconds == 0 ? 1 : seconds);
        Line("solver.cpp:239", Text($"Iteration {report.Iteration} ({CaffeNumber.Format(rate)} iter/s, {CaffeNumber.Format(seconds)}s/{solver.Parameter.Display} iters), loss = {CaffeNumber.Format(report.SmoothedLoss)}"));
        WriteScores("solver.cpp:258", "Train", report.Outputs);
    }

    private void WriteClosing(IterationReport report)
    {
        if (_closingWritten || !report.Displayed) return;
        _closingWritten = true;
        Line("solver.cpp:327", Text($"Iteration {report.Iteration}, loss = {CaffeNumber.Format(report.SmoothedLoss)}"));
    }

    private void WriteScores(string source, string net, IReadOnlyList<NetScore> scores)
    {
        for (int i = 0; i < scores.Count; i++)
        {
            NetScore score = scores[i];
            string loss = score.LossWeight == 0 ? "" : $" (* {CaffeNumber.Format(score.LossWeight)} = {CaffeNumber.Format(score.LossWeight * score.Value)} loss)";
            Line(source, Text($"    {net} net output #{i}: {score.Name} = {CaffeNumber.Format(score.Value)}{loss}"));
        }
    }

    private void Line(string source, string text)
    {
        if (!_prefix)
        {
            _write(text);
            return;
        }
        string time = DateTime.Now.ToString("yyyyMMdd HH:mm:ss.ffffff", CultureInfo.InvariantCulture);
        _write(Text($"I{time} {_process,5} {source}] {text}"));
    }
}
