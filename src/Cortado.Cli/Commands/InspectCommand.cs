using System.CommandLine;
using Cortado.Cli.Inspection;

namespace Cortado.Cli.Commands;

/// <summary><c>cortado inspect</c>: what is in a binary file.</summary>
internal static class InspectCommand
{
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("F") { Description = "A .caffemodel, .solverstate, .binaryproto, an LMDB (its folder or data.mdb), or a .cortado checkpoint." };
        var command = new Command("inspect", "Show what is in a .caffemodel, .solverstate, .binaryproto, LMDB or checkpoint: names, shapes, ranges, non-finite numbers.") { file };
        command.SetAction(parsed => Run(terminal, parsed.GetRequiredValue(file)));
        return command;
    }

    private static int Run(Terminal terminal, string path)
    {
        if (!File.Exists(path) && !Directory.Exists(path))
            throw new CortadoException($"There is nothing at {Path.GetFullPath(path)}.");
        if (Directory.Exists(path) || Path.GetFileName(path) == "data.mdb" || path.EndsWith(".mdb", StringComparison.OrdinalIgnoreCase))
            DatabaseTables.Write(path, terminal);
        else if (path.EndsWith(".cortado", StringComparison.OrdinalIgnoreCase))
            WeightTables.Checkpoint(path, terminal);
        else if (path.EndsWith(".solverstate", StringComparison.OrdinalIgnoreCase))
            WeightTables.State(path, terminal);
        else if (path.EndsWith(".binaryproto", StringComparison.OrdinalIgnoreCase))
            WeightTables.Array(path, terminal);
        else if (path.EndsWith(".caffemodel", StringComparison.OrdinalIgnoreCase))
            WeightTables.Model(path, terminal);
        else
            throw new CortadoException($"{path}: cannot tell what this is by its name; expected .caffemodel, .solverstate, .binaryproto, .cortado, a folder with data.mdb, or data.mdb. Rename it after what it is.");
        return ExitCode.Done;
    }
}
