using System.Text.Json;

namespace Cortado.Tests;

/// <summary>The command as a process of its own.</summary>
public class ProcessTests
{
    private static readonly string LeNet = Path.Combine(GoldenFolder.Repository, "tests", "Golden", "netshapes", "lenet.prototxt");

    [Fact]
    public void A_German_machine_prints_and_reads_the_same_numbers()
    {
        using var folder = new ScratchFolder();
        var german = new Dictionary<string, string> { ["LANG"] = "de_DE.UTF-8", ["LC_ALL"] = "de_DE.UTF-8", ["LC_NUMERIC"] = "de_DE.UTF-8" };
        string solver = folder.Write("solver.prototxt", "base_lr: 0.25\nsolver_type: SGD\n");
        CortadoProcess upgrade = CortadoProcess.Run(folder.Path, german, "upgrade", solver);
        Assert.Equal(0, upgrade.ExitCode);
        Assert.Contains("base_lr: 0.25", upgrade.Out);
        CortadoProcess time = CortadoProcess.Run(folder.Path, german, "time", "--model", LeNet, "--batch", "1", "--iterations", "1", "--json");
        Assert.Equal(0, time.ExitCode);
        Assert.True(JsonDocument.Parse(time.Out).RootElement.GetProperty("forwardMs").GetDouble() > 0);
    }

    [Fact]
    public void Redirected_output_is_plain()
    {
        using var folder = new ScratchFolder();
        CortadoProcess devices = CortadoProcess.Run(folder.Path, "devices");
        Assert.Equal(0, devices.ExitCode);
        Assert.Contains("GFLOP/s", devices.Out);
        Assert.DoesNotContain('\u001b', devices.Out + devices.Error);
    }

    [Theory]
    [InlineData(0, "--version")]
    [InlineData(1, "inspect", "nothing.caffemodel")]
    [InlineData(2, "inspect")]
    public void The_exit_code_reaches_the_shell(int expected, params string[] args)
    {
        using var folder = new ScratchFolder();
        Assert.Equal(expected, CortadoProcess.Run(folder.Path, args).ExitCode);
    }
}
