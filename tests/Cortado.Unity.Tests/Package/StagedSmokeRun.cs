using System.Diagnostics;
using System.Globalization;

namespace Cortado.Unity.Tests.Package;

/// <summary>What the smoke program printed, by name.</summary>
internal sealed class StagedSmokeRun
{
    private const int LimitMilliseconds = 300_000;

    private readonly Dictionary<string, string> _results = new(StringComparer.Ordinal);

    private StagedSmokeRun(int exitCode, string output, string errors)
    {
        (ExitCode, Errors) = (exitCode, errors);
        foreach (string line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            int colon = line.IndexOf(": ", StringComparison.Ordinal);
            if (colon > 0) _results[line[..colon]] = line[(colon + 2)..];
        }
    }

    public int ExitCode { get; }

    public string Errors { get; }

    public string this[string name] => _results.TryGetValue(name, out string? text) ? text : throw new Xunit.Sdk.XunitException($"no '{name}' was printed; {Errors}");

    public float[] Floats(string name) => Array.ConvertAll(this[name].Split(' '), v => float.Parse(v, CultureInfo.InvariantCulture));

    /// <summary>Starts the program on a runtime and waits for its end.</summary>
    public static StagedSmokeRun Start(string runtime, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(runtime, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(LimitMilliseconds))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{runtime} did not end within {LimitMilliseconds / 1000} s.");
        }
        return new StagedSmokeRun(process.ExitCode, output.GetAwaiter().GetResult(), errors.GetAwaiter().GetResult());
    }
}
