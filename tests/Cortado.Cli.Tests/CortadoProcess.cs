using System.Diagnostics;

namespace Cortado.Tests;

/// <summary>Runs the built command as a user does: as a process of its own, its output redirected.</summary>
internal sealed record CortadoProcess(int ExitCode, string Out, string Error)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    public static CortadoProcess Run(string folder, params string[] args) => Run(folder, null, args);

    public static CortadoProcess Run(string folder, IReadOnlyDictionary<string, string>? environment, params string[] args)
    {
        using Process process = Start(folder, environment, args);
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill();
            Assert.Fail($"cortado {string.Join(' ', args)} did not end. Output so far:\n{output.Result}\n{error.Result}");
        }
        return new CortadoProcess(process.ExitCode, output.Result, error.Result);
    }

    public static Process Start(string folder, IReadOnlyDictionary<string, string>? environment, params string[] args)
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } path ? path : "dotnet";
        var start = new ProcessStartInfo(host)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "cortado.dll"));
        foreach (string arg in args) start.ArgumentList.Add(arg);
        if (environment != null)
            foreach ((string name, string value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
