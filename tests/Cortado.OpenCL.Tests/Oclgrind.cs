using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Cortado.Tests;

/// <summary>Oclgrind, an OpenCL that checks every access: replays recordings by the script in tests/oclgrind.</summary>
internal static partial class Oclgrind
{
    private const int MissingTool = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>What it has to say, and the kernels that ran. Skips the test where it is not installed.</summary>
    /// <param name="recordings">Files that backends wrote.</param>
    /// <param name="replace">Text in the kernels and what to put in its place, to break one on purpose.</param>
    public static (int ExitCode, string Reports, HashSet<string> Kernels) Run(IEnumerable<string> recordings, (string Old, string New)? replace = null)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "oclgrind is run on Linux only");
        var start = new ProcessStartInfo("bash") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(GoldenFolder.Repository, "tests", "oclgrind", "run.sh"));
        if (replace is (string before, string after))
        {
            start.ArgumentList.Add("--replace");
            start.ArgumentList.Add(before);
            start.ArgumentList.Add(after);
        }
        foreach (string recording in recordings) start.ArgumentList.Add(recording);
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"oclgrind did not come to an end in {Patience}.");
        }
        string said = output.Result + errors.Result;
        if (process.ExitCode == MissingTool) TestBackend.Absent("oclgrind", said);
        var kernels = new HashSet<string>();
        foreach (Match line in Kernels().Matches(said)) kernels.UnionWith(line.Groups[1].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return (process.ExitCode, said, kernels);
    }

    [GeneratedRegex("; kernels:(.*)")]
    private static partial Regex Kernels();
}
