using System.Text.RegularExpressions;
using Cortado.Backends;
using Cortado.Solvers;
using Cortado.Tests.Solvers;
using Cortado.Training;

namespace Cortado.Tests.Training;

/// <summary>Our log beside Caffe's: the same lines where numbers and names are taken out.</summary>
public partial class CaffeLogTests
{
    [Fact]
    public void EveryLineHasTheShapeOfALineOfCaffes()
    {
        var shapes = new HashSet<string>(StringComparer.Ordinal);
        foreach (string file in Directory.GetFiles(GoldenFolder.SampleOf("logs"), "train*.txt"))
            foreach (string line in File.ReadLines(file)) shapes.Add(Shape(line));
        List<string> ours = Log("display: 1 snapshot: 2 max_iter: 5 test_interval: 5", prefix: true);
        Assert.True(ours.Count > 20);
        string[] unknown = ours.Select(Shape).Where(line => !shapes.Contains(line)).Distinct().ToArray();
        // What is ours alone: networks written in the solver's own file, and the checkpoint.
        Assert.All(unknown, line => Assert.Matches("specified (by|in) net_param|Snapshotting checkpoint to", line));
    }

    [Fact]
    public void LinesComeInCaffesOrder()
    {
        string[] ours = Log("display: 2 snapshot: 2 max_iter: 4 test_interval: 2", prefix: false).Select(line => Number().Replace(line, "N")).ToArray();
        string tested = "Iteration N, Testing net (#N)|    Test net output #N: loss = N (* N = N loss)";
        string shown = "Iteration N (N iter/s, Ns/N iters), loss = N|    Train net output #N: loss = N (* N = N loss)|Iteration N, lr = N";
        string saved = "Snapshotting to binary proto file F|Snapshotting solver state to binary proto file F|Snapshotting checkpoint to F";
        string expected = string.Join('|',
            "Creating training net specified in net_param.", "Creating test net (#N) specified by net_param", "Solver scaffolding done.", "Starting Optimization",
            "Solving small", "Learning Rate Policy: fixed",
            tested, shown, saved, tested, shown, saved, "Iteration N, loss = N", tested, "Optimization Done.", "Optimization Done.");
        Assert.Equal(expected.Split('|'), ours.Select(line => FileName().Replace(line, " F")));
    }

    private static List<string> Log(string settings, bool prefix)
    {
        using var folder = new TempFolder();
        using IBackend backend = TestBackend.Create();
        var lines = new List<string>();
        using var solver = new Solver(SmallTraining.Parameter(folder, $"base_lr: 0.01 lr_policy: 'fixed' {settings}"), SmallTraining.Options(backend, null, new CaffeLog(lines.Add, prefix)));
        solver.Solve();
        return lines;
    }

    private static string Shape(string line)
    {
        line = Source().Replace(line, "] ");
        line = line.Replace("Solving small", "Solving ", StringComparison.Ordinal).Replace("Policy: fixed", "Policy: step", StringComparison.Ordinal);
        return FileName().Replace(Number().Replace(line, "N"), " F");
    }

    [GeneratedRegex(@"^I\d{8} \d\d:\d\d:\d\d\.\d{6} +\d+ \S+\] ")]
    private static partial Regex Source();

    [GeneratedRegex(@"-?nan|-?\d[\d.]*(e[+-]\d+)?")]
    private static partial Regex Number();

    [GeneratedRegex(@" \S*_iter_\S+")]
    private static partial Regex FileName();
}
