using System.Diagnostics;
using System.Runtime.InteropServices;
using Cortado.OpenCL;

namespace Cortado.Tests;

/// <summary>Tuning that is ended before its time, on a driver whose compiler takes longer than anybody waits.</summary>
public class TuneTests
{
    [Fact]
    public void Seconds_end_a_tuning_whose_first_candidate_is_still_being_compiled()
    {
        SkipWithoutPocl();
        using var folder = new ScratchFolder();
        CortadoProcess tune = CortadoProcess.Run(folder.Path, EmptyCaches(folder), "tune", "--seconds", "1");
        Assert.Equal(0, tune.ExitCode);
        Assert.Contains("nothing is known and nothing was kept", tune.Out);
        Assert.Empty(Directory.GetFiles(folder["cache"], "*.msgpack", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_request_to_end_is_answered_at_once_and_leaves_the_database_whole()
    {
        SkipWithoutPocl();
        if (!RuntimeInformation.IsOSPlatform(OSPlatform.Linux)) Assert.Skip("needs the program kill");
        using var folder = new ScratchFolder();
        using Process process = CortadoProcess.Start(folder.Path, EmptyCaches(folder), "tune");
        Task<string> error = process.StandardError.ReadToEndAsync();
        while (process.StandardOutput.ReadLine() is { } line && !line.StartsWith("Tuning ", StringComparison.Ordinal))
        {
        }
        using (Process kill = Process.Start("kill", ["-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)])) kill.WaitForExit();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(2)));
        Assert.Equal(130, process.ExitCode);
        Assert.Matches("(?s)note: stopping: .* cannot be interrupted.*cancelled", error.Result);
        Assert.Empty(Directory.GetFiles(folder["cache"], "*.msgpack", SearchOption.AllDirectories));
        Assert.DoesNotContain("error", output.Result, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("devices")]
    [InlineData("time")]
    public void A_cache_that_cannot_be_written_is_told_once_and_the_command_goes_on(string command)
    {
        SkipWithoutPocl();
        using var folder = new ScratchFolder();
        var environment = new Dictionary<string, string> { ["CORTADO_CACHE"] = folder.Write("file", "no folder") };
        string lenet = Path.Combine(GoldenFolder.Repository, "tests", "Golden", "netshapes", "lenet.prototxt");
        CortadoProcess run = command == "devices"
            ? CortadoProcess.Run(folder.Path, environment, "devices")
            : CortadoProcess.Run(folder.Path, environment, "time", "--model", lenet, "--batch", "1", "--iterations", "1", "--device", "opencl");
        Assert.Equal(0, run.ExitCode);
        string all = run.Out + run.Error;
        Assert.Equal(2, all.Split("cannot be written to").Length);
        Assert.Contains(environment["CORTADO_CACHE"], all);
    }

    /// <summary>PoCL writes what it compiles into folders that are named after the work-group's size, 0-0-0 for any.</summary>
    [Fact]
    public void A_cold_start_has_PoCL_compile_only_what_runs()
    {
        SkipWithoutPocl();
        using var folder = new ScratchFolder();
        Dictionary<string, string> caches = EmptyCaches(folder);
        string model = GoldenFolder.PathOf("seed_small/deploy.prototxt");
        CortadoProcess start = CortadoProcess.Run(folder.Path, caches, "time", "--start-once", "--model", model, "--device", "opencl");
        Assert.True(start.ExitCode == 0, start.Error);
        string[] kernels = Directory.GetFiles(folder["pocl"], "*.so", SearchOption.AllDirectories);
        Assert.InRange(kernels.Length, 3, 40);
        Assert.DoesNotContain(kernels, path => path.Contains("0-0-0", StringComparison.Ordinal));
        CortadoProcess again = CortadoProcess.Run(folder.Path, caches, "time", "--start-once", "--model", model, "--device", "opencl");
        Assert.Contains("\"compiled\":0,", again.Out, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(kernels.Order(), Directory.GetFiles(folder["pocl"], "*.so", SearchOption.AllDirectories).Order());
    }

    private static Dictionary<string, string> EmptyCaches(ScratchFolder folder)
    {
        Directory.CreateDirectory(folder["cache"]);
        Directory.CreateDirectory(folder["pocl"]);
        return new() { ["CORTADO_CACHE"] = folder["cache"], ["POCL_CACHE_DIR"] = folder["pocl"] };
    }

    private static void SkipWithoutPocl()
    {
        OpenClPlatforms platforms = OpenClPlatforms.Discover();
        if (!platforms.Devices.Any(device => device.Platform.Contains("Portable Computing Language", StringComparison.Ordinal))) Assert.Skip(platforms.Problem ?? "PoCL is not here");
    }
}
