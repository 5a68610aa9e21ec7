using System.CommandLine;
using System.Globalization;
using Cortado.Backends.Cpu;
using Cortado.OpenCL;

namespace Cortado.Cli.Commands;

/// <summary><c>cortado devices</c>: what can compute here, and how fast.</summary>
internal static class DevicesCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("devices", "List what can compute on this machine, with its measured peak.");
        command.SetAction(_ => Run(terminal));
        return command;
    }

    private static int Run(Terminal terminal)
    {
        using var cpu = new CpuBackend();
        PeakMeasurement peak = PeakMeasurement.Measure(cpu);
        var table = new TextTable("--device", "device", ">units", ">memory", "half", "driver", ">multiply-adds", ">memory, read", "cached");
        table.Row("cpu", cpu.Description, "", "", "", "", Giga(peak.FlopsPerSecond, "GFLOP/s"), Giga(peak.ReadBytesPerSecond, "GB/s"), "");
        OpenClPlatforms platforms = OpenClPlatforms.Discover();
        var problems = new List<string>();
        foreach (OpenClDevice device in platforms.Devices) Add(table, device, problems);
        table.Write(terminal);
        if (platforms.Problem != null) problems.Add(platforms.Problem);
        foreach (string problem in problems) terminal.Line(problem);
        return ExitCode.Done;
    }

    private static void Add(TextTable table, OpenClDevice device, List<string> problems)
    {
        string flops = "", bytes = "", cached = "";
        try
        {
            using var backend = new OpenClBackend(device);
            cached = backend.DescribeCache();
            if (backend.CacheProblem is { } problem && !problems.Contains(problem)) problems.Add(problem);
            OpenClPeak peak = OpenClPeak.Measure(backend);
            (flops, bytes) = (Giga(peak.FlopsPerSecond, "GFLOP/s"), Giga(peak.ReadBytesPerSecond, "GB/s"));
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            problems.Add($"{device.Key}: {failure.Message}");
        }
        table.Row(device.Key, $"{device.Name} ({device.Platform})", device.ComputeUnits.ToString(CultureInfo.InvariantCulture),
            (device.MemoryBytes / (1024.0 * 1024 * 1024)).ToString("F1", CultureInfo.InvariantCulture) + " GiB", device.HasHalf ? "yes" : "no",
            device.DriverVersion, flops, bytes, cached);
    }

    private static string Giga(double value, string unit) => (value / 1e9).ToString("F0", CultureInfo.InvariantCulture) + " " + unit;
}
