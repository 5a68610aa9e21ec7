using System.CommandLine;
using Cortado.Backends;
using Cortado.Cli.Findings;
using Cortado.Cli.Training;
using Cortado.Diagnostics;
using Cortado.Diagnostics.Monitoring;
using Cortado.Formats;
using Cortado.Lmdb;
using Cortado.Solvers;
using Cortado.Training;

namespace Cortado.Cli.Commands;

/// <summary><c>cortado train</c>: what a solver prototxt asks for.</summary>
internal static class TrainCommand
{
    public static Command Create(Terminal terminal)
    {
        var solver = new Option<string>("--solver") { Description = "The solver prototxt.", HelpName = "F", Required = true };
        var snapshot = new Option<string?>("--snapshot") { Description = "Go on from a .cortado checkpoint or a .solverstate (Caffe's too).", HelpName = "F" };
        var weights = FileList.Option("--weights", "Start from trained weights (fine-tuning).");
        var device = DeviceOption.Create();
        var seed = Numbers.Seed("--seed", "The seed of all random numbers, instead of random_seed.");
        var batch = Numbers.Positive("--batch", "Items in a training batch, instead of the file's own.");
        var iterations = Numbers.Positive("--max-iter", "Iterations in all, instead of max_iter.");
        var keepGoing = new Option<bool>("--keep-going") { Description = "Train on after a loss that is not finite, as Caffe does." };
        var noDoctor = new Option<bool>("--no-doctor") { Description = "Start without the doctor's look at files, database and first batch." };
        var noTune = DeviceOption.CreateNoTune("Leave out trying kernels at the first use of a graphics card.");
        var command = new Command("train", "Train a network. The log has the lines of Caffe's. Ctrl+C writes a snapshot and ends.")
        {
            solver, snapshot, weights, device, seed, batch, iterations, keepGoing, noDoctor, noTune,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(snapshot) != null && result.GetResult(weights) != null)
                result.AddError("--snapshot and --weights exclude each other: a snapshot has its own weights.");
        });
        command.SetAction(parsed => Run(terminal, new Request(
            parsed.GetRequiredValue(solver), parsed.GetValue(snapshot), FileList.Split(parsed.GetValue(weights)), parsed.GetValue(device),
            parsed.GetValue(seed), parsed.GetValue(batch), parsed.GetValue(iterations), parsed.GetValue(keepGoing), parsed.GetValue(noDoctor), parsed.GetValue(noTune))));
        return command;
    }

    private sealed record Request(
        string Solver, string? Snapshot, IReadOnlyList<string> Weights, string? Device, ulong? Seed, int? Batch, int? Iterations, bool KeepGoing, bool NoDoctor, bool NoTune);

    private static int Run(Terminal terminal, Request request)
    {
        using var interrupt = new Interrupt(terminal);
        PrototxtDocument<SolverParameter> document = SolverFile.Load(request.Solver);
        foreach (string warning in document.Warnings) terminal.Note(warning);
        using IBackend backend = DeviceOption.Open(request.Device, SolverMode(document.Message), terminal);
        FirstUse.Announce(backend, terminal);
        if (!request.NoTune) FirstUse.Tune(backend, terminal, interrupt.Token);
        DoctorReport? before = request.NoDoctor || request.Snapshot != null ? null : Examine(terminal, request, backend, interrupt.Token);
        var monitor = new TrainingMonitor(before, request.KeepGoing);
        monitor.Found += finding => FindingView.Write(finding, terminal.Beside());
        int most = request.Iterations ?? document.Message.MaxIter;
        try
        {
            return Train(terminal, request, document, backend, monitor, most, interrupt.Token);
        }
        catch (CortadoException error) when (error is not DeviceException && Said(before, error) is { } finding)
        {
            throw new CortadoException($"the training cannot start, for what the doctor says above of {finding.Subject}.", error);
        }
    }

    /// <summary>The finding that has said already what the error says; null for none.</summary>
    private static Finding? Said(DoctorReport? report, CortadoException error) =>
        report?.Findings.FirstOrDefault(finding => finding.Severity == Severity.Error && error.Message.Contains(finding.Why, StringComparison.Ordinal));

    private static int Train(
        Terminal terminal, Request request, PrototxtDocument<SolverParameter> document, IBackend backend, TrainingMonitor monitor, int most, CancellationToken cancel) =>
        ProgressDisplay.Run(terminal, "training", most, display =>
        {
            var log = new CaffeLog(line => terminal.Line(line), prefix: terminal.Live == null);
            List<SolverObserver> observers = [log, new TrainProgress(display)];
            if (backend is IKernelCompiler compiler) observers.Add(new WarmUpProgress(display, compiler, terminal));
            using var solver = new Solver(document.Message, new SolverOptions
            {
                Backend = backend,
                Databases = new LmdbProvider(),
                FileName = request.Solver,
                Locations = document.Locations,
                Weights = request.Weights,
                Snapshot = request.Snapshot,
                Seed = request.Seed,
                BatchSize = request.Batch,
                MaxIterations = request.Iterations,
                Observers = observers,
                Monitor = monitor,
            });
            foreach (Nets.WeightReport report in solver.WeightReports) WeightReportTable.Write(report, terminal.Beside());
            using CancellationTokenRegistration stop = cancel.Register(() => solver.RequestStop());
            return End(terminal, solver.Solve(), solver.LastHealthySnapshot, monitor);
        });

    private static int End(Terminal terminal, SolveOutcome outcome, SnapshotFiles? last, TrainingMonitor monitor)
    {
        string snapshot = last is { } files ? $"the last healthy snapshot is {files.Checkpoint}" : "no snapshot had been written";
        if (outcome == SolveOutcome.Diverged || monitor.Findings.Any(finding => finding.Rule == "non-finite"))
        {
            terminal.Error.WriteLine($"error: the training diverged; {snapshot}.");
            return ExitCode.Diverged;
        }
        if (outcome != SolveOutcome.Stopped) return ExitCode.Done;
        terminal.Error.WriteLine(last != null ? $"stopped; to go on: --snapshot {last.Checkpoint}" : "stopped");
        return ExitCode.Cancelled;
    }

    private static DoctorReport Examine(Terminal terminal, Request request, IBackend backend, CancellationToken cancel)
    {
        var options = new DoctorOptions { Backend = backend, Databases = new LmdbProvider(), Weights = request.Weights, Seed = request.Seed ?? 1 };
        DoctorReport report = Doctor.Examine(request.Solver, options, cancel);
        foreach (Finding finding in report.Findings) FindingView.Write(finding, terminal.Beside());
        if (report.Changes().Count > 0) terminal.Note($"'cortado doctor --solver {request.Solver}' shows the edits as a diff, with --apply it makes them.");
        return report;
    }

    private static string? SolverMode(SolverParameter solver) =>
        solver.SolverMode != SolverParameter.Types.SolverMode.Gpu ? null
        : solver.HasSolverMode ? "solver_mode: GPU" : "solver_mode, which is GPU where it is not written,";
}
