using System.CommandLine;
using System.Globalization;
using Cortado.Backends.Cpu;

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
        var table = new TextTable("--device", "device", ">multiply-adds", ">memory, read");
        table.Row("cpu", cpu.Description, Giga(peak.FlopsPerSecond, "GFLOP/s"), Giga(peak.ReadBytesPerSecond, "GB/s"));
        table.Write(terminal);
        terminal.Line("No OpenCL devices: this version of Cortado has no OpenCL backend yet.");
        return ExitCode.Done;
    }

    private static string Giga(double value, string unit) => (value / 1e9).ToString("F0", CultureInfo.InvariantCulture) + " " + unit;
}
