using System.CommandLine;
using Cortado.Backends;
using Cortado.Cli.Findings;
using Cortado.Diagnostics;
using Cortado.Lmdb;

namespace Cortado.Cli.Commands;

/// <summary><c>cortado doctor</c>: what will go wrong in a training, before it starts.</summary>
internal static class DoctorCommand
{
    public static Command Create(Terminal terminal)
    {
        var solver = new Option<string>("--solver") { Description = "The solver prototxt.", HelpName = "F", Required = true };
        var weights = FileList.Option("--weights", "Trained weights that the training starts from (fine-tuning).");
        var apply = new Option<bool>("--apply") { Description = "Write the edits into the files; the original of each is kept beside it." };
        var device = DeviceOption.Create();
        var command = new Command("doctor", "Look at a training before it starts: files, database, first batch. Says what will go wrong, why, and the edit that cures it. Exit code 1 where an error is found and not cured.")
        {
            solver, weights, apply, device,
        };
        command.SetAction(parsed => Run(terminal, parsed.GetRequiredValue(solver), FileList.Split(parsed.GetValue(weights)), parsed.GetValue(apply), parsed.GetValue(device)));
        return command;
    }

    private static int Run(Terminal terminal, string solver, IReadOnlyList<string> weights, bool apply, string? device)
    {
        using var interrupt = new Interrupt(terminal);
        using IBackend backend = DeviceOption.Open(device, null, terminal);
        var options = new DoctorOptions { Backend = backend, Databases = new LmdbProvider(), Weights = weights };
        DoctorReport report = Doctor.Examine(solver, options, interrupt.Token);
        FindingView.Write(report, terminal);
        IReadOnlyList<FileChange> changes = report.Changes();
        if (changes.Count > 0)
        {
            terminal.Line();
            foreach (FileChange change in changes) FindingView.WriteDiff(change.Diff, terminal);
        }
        if (!apply)
        {
            if (changes.Count > 0) terminal.Line($"\nTo make these edits: cortado doctor --solver {solver} --apply");
            return report.HasErrors ? ExitCode.BadInput : ExitCode.Done;
        }
        foreach ((string file, string original) in report.Apply()) terminal.Line($"changed {file}; as it was: {original}");
        bool cured = report.Findings.All(f => f.Severity != Severity.Error || f.Edits.Count > 0);
        return cured ? ExitCode.Done : ExitCode.BadInput;
    }
}
