using System.CommandLine;
using Cortado.Cli.Inspection;
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
        DeployNetwork deploy = DeployNetwork.Derive(document.Message, StoredImages.Of(document.Message, model, new LmdbProvider()), batch);
        foreach (string note in deploy.Notes) terminal.Note(note);
        string text = Prototxt.Print(deploy.Net);
        if (output == null)
        {
            terminal.Out.Write(text);
            return ExitCode.Done;
        }
        OutputFile.Write(output, force, text);
        terminal.Line($"wrote {output}");
        return ExitCode.Done;
    }
}
