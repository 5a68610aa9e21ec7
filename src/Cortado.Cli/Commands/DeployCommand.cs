using System.CommandLine;
using Cortado.Formats;
using Cortado.Inference;
using Cortado.Lmdb;

namespace Cortado.Cli.Commands;

/// <summary><c>cortado deploy</c>: the network that classifies, derived from the one that trains.</summary>
internal static class DeployCommand
{
    public static Command Create(Terminal terminal)
    {
        var model = new Option<string>("--model") { Description = "The training network prototxt (train_val).", HelpName = "F", Required = true };
        var output = new Option<string?>("--output", "-o") { Description = "Write here instead of printing.", HelpName = "F" };
        var batch = Numbers.Positive("--batch", "Images that the network takes at once. Default 1.");
        var force = OutputFile.Force();
        var command = new Command("deploy", "Derive the network that classifies from the one that trains: data layers become an Input, losses a Softmax; how training prepared its images is kept with it.")
        {
            model, output, batch, force,
        };
        command.SetAction(parsed => Run(terminal, parsed.GetRequiredValue(model), parsed.GetValue(output), parsed.GetValue(batch) ?? 1, parsed.GetValue(force)));
        return command;
    }

    private static int Run(Terminal terminal, string model, string? output, int batch, bool force)
    {
        PrototxtDocument<NetParameter> document = NetFile.Load(model);
        foreach (string warning in document.Warnings) terminal.Note(warning);
        if (!DeployNetwork.IsNeeded(document.Message)) terminal.Note($"{model} reads no data of its own and has no loss: it can classify as it is.");
        var paths = new PathResolver(model);
        DeployNetwork deploy = DeployNetwork.Derive(document.Message, TrainingImageSize.Of(document.Message, new LmdbProvider(), paths), batch);
        foreach (string note in deploy.Notes) terminal.Note(note);
        if (output == null)
        {
            terminal.Out.Write(Prototxt.Print(deploy.Net));
            return ExitCode.Done;
        }
        OutputFile.CheckFree(output, force);
        foreach (string file in DeployFile.Write(output, deploy, paths)) terminal.Line($"wrote {file}");
        terminal.Line("images are prepared so:");
        foreach (string step in DeployFile.Steps(deploy.Net)) terminal.Line("  " + step);
        return ExitCode.Done;
    }
}
