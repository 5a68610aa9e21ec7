using System.CommandLine;
using Cortado.Formats;
using Google.Protobuf;

namespace Cortado.Cli.Commands;

/// <summary><c>cortado upgrade</c>: an old prototxt in the current form.</summary>
internal static class UpgradeCommand
{
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "A network or solver prototxt of any generation." };
        var output = new Option<string?>("--output", "-o") { Description = "Write here instead of printing.", HelpName = "F" };
        var force = OutputFile.Force();
        var command = new Command("upgrade", "Bring a legacy network (V0, V1, old input and data fields) or solver (solver_type) into Caffe's current form.") { file, output, force };
        command.SetAction(parsed => Run(terminal, parsed.GetRequiredValue(file), parsed.GetValue(output), parsed.GetValue(force)));
        return command;
    }

    private static int Run(Terminal terminal, string path, string? output, bool force)
    {
        (IMessage message, IReadOnlyList<string> warnings) = Load(path);
        foreach (string warning in warnings) terminal.Note(warning);
        string text = Prototxt.Print(message);
        if (output == null)
        {
            terminal.Out.Write(text);
            return ExitCode.Done;
        }
        OutputFile.Write(output, force, text);
        terminal.Line($"wrote {output}");
        return ExitCode.Done;
    }

    private static (IMessage, IReadOnlyList<string>) Load(string path)
    {
        PrototxtException notNet;
        try
        {
            PrototxtDocument<NetParameter> net = NetFile.Load(path);
            return (net.Message, net.Warnings);
        }
        catch (PrototxtException error)
        {
            notNet = error;
        }
        try
        {
            PrototxtDocument<SolverParameter> solver = SolverFile.Load(path);
            return (solver.Message, solver.Warnings);
        }
        catch (PrototxtException notSolver)
        {
            // The reading that got further into the file is the one that was meant.
            bool netWasMeant = (notNet.Line, notNet.Column).CompareTo((notSolver.Line, notSolver.Column)) >= 0;
            throw netWasMeant ? notNet : notSolver;
        }
    }
}
