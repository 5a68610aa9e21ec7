using Cortado.Cli;

namespace Cortado.Tests;

/// <summary>Runs the command inside the test, which is quicker than a process.</summary>
internal sealed record CortadoRun(int ExitCode, string Out, string Error)
{
    public static CortadoRun Run(params string[] args)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        int code = CommandLine.Run(args, new Terminal(TextWriter.Synchronized(output), TextWriter.Synchronized(error), null));
        return new CortadoRun(code, output.ToString(), error.ToString());
    }

    /// <summary>The same, for a run that must succeed.</summary>
    public static CortadoRun Succeed(params string[] args)
    {
        CortadoRun run = Run(args);
        Assert.True(run.ExitCode == 0, $"cortado {string.Join(' ', args)} returned {run.ExitCode}:\n{run.Error}\n{run.Out}");
        return run;
    }
}
