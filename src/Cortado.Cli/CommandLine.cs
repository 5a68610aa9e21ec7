using System.CommandLine;
using System.Globalization;
using Cortado.Cli.Commands;

namespace Cortado.Cli;

/// <summary>The whole command: parsing, running, and turning what went wrong into one message and an exit code.</summary>
internal static class CommandLine
{
    /// <summary>Runs one command line and gives the exit code.</summary>
    public static int Run(string[] args, Terminal terminal)
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var verbose = new Option<bool>("--verbose") { Description = "Show the stack of an unexpected error.", Recursive = true };
        RootCommand root = Build(terminal);
        root.Add(verbose);
        ParseResult parsed = root.Parse(args.Length == 0 ? ["--help"] : args);
        if (parsed.Errors.Count > 0) return Refuse(parsed, args, terminal);
        try
        {
            var configuration = new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
                Output = terminal.Out,
                Error = terminal.Error,
            };
            return parsed.Invoke(configuration);
        }
        catch (OperationCanceledException)
        {
            terminal.Error.WriteLine("cancelled");
            return ExitCode.Cancelled;
        }
        catch (DeviceException error) when (terminal.IsInterrupted)
        {
            // Compilers within drivers take Ctrl+C for themselves, too, and give up their work in the middle.
            terminal.Note(error.Message);
            terminal.Error.WriteLine("cancelled");
            return ExitCode.Cancelled;
        }
        catch (CortadoException error)
        {
            terminal.Error.WriteLine($"error: {error.Message}");
            if (parsed.GetValue(verbose)) terminal.Error.WriteLine(error.ToString());
            return error is DeviceException ? ExitCode.DeviceFailed : ExitCode.BadInput;
        }
        catch (Exception error) when (Expected(error) is { } message)
        {
            terminal.Error.WriteLine($"error: {message}");
            if (parsed.GetValue(verbose)) terminal.Error.WriteLine(error.ToString());
            return ExitCode.BadInput;
        }
        catch (Exception error)
        {
            terminal.Error.WriteLine($"error: something unexpected happened: {error.GetType().Name}: {error.Message}");
            terminal.Error.WriteLine(parsed.GetValue(verbose)
                ? error.ToString()
                : $"This is a fault in Cortado. Run the command again with --verbose and report what it prints, together with your prototxt, on the issue page of Cortado's repository.");
            return ExitCode.BadInput;
        }
    }

    private static RootCommand Build(Terminal terminal) => new("Cortado trains, tests, times and diagnoses Caffe networks, in managed C#.")
    {
        TrainCommand.Create(terminal),
        TestCommand.Create(terminal),
        ClassifyCommand.Create(terminal),
        DoctorCommand.Create(terminal),
        TimeCommand.Create(terminal),
        ConvertCommand.Create(terminal),
        MeanCommand.Create(terminal),
        DeployCommand.Create(terminal),
        DevicesCommand.Create(terminal),
        TuneCommand.Create(terminal),
        UpgradeCommand.Create(terminal),
        InspectCommand.Create(terminal),
        DemoCommand.Create(terminal),
    };

    private static int Refuse(ParseResult parsed, string[] args, Terminal terminal)
    {
        foreach (System.CommandLine.Parsing.ParseError error in parsed.Errors) terminal.Error.WriteLine($"usage: {error.Message}");
        foreach (string hint in CaffeFlags.Hints(args)) terminal.Error.WriteLine(hint);
        string command = parsed.CommandResult.Command is RootCommand ? "" : parsed.CommandResult.Command.Name + " ";
        terminal.Error.WriteLine($"See 'cortado {command}--help'.");
        return ExitCode.WrongUsage;
    }

    /// <summary>The message of an error that the file system or the machine's memory causes, not Cortado.</summary>
    private static string? Expected(Exception error) => error switch
    {
        UnauthorizedAccessException or IOException => error.Message,
        OutOfMemoryException => "there is not enough memory for this network; use a smaller batch (--batch N).",
        _ => null,
    };
}
