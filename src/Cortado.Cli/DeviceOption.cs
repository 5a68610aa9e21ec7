using System.CommandLine;
using System.Text.RegularExpressions;
using Cortado.Backends;
using Cortado.Backends.Cpu;

namespace Cortado.Cli;

/// <summary>The option <c>--device</c> and the backend that it means.</summary>
internal static partial class DeviceOption
{
    public static Option<string?> Create()
    {
        var option = new Option<string?>("--device")
        {
            Description = "What computes: cpu, opencl, auto (the best OpenCL device there is, else the CPU), or opencl:P:D (platform and device number, see 'cortado devices').",
            HelpName = "cpu|opencl|auto|opencl:P:D",
        };
        option.Validators.Add(result =>
        {
            string? text = result.GetValueOrDefault<string?>();
            if (text != null && !Known().IsMatch(text))
                result.AddError($"--device {text}: expected cpu, opencl, auto or opencl:P:D with two numbers, such as opencl:0:0.");
        });
        return option;
    }

    /// <summary>Opens the backend. <paramref name="solverMode"/> says how the prototxt asks for a graphics device, where it does.</summary>
    /// <exception cref="CortadoException">OpenCL is asked for by name.</exception>
    public static IBackend Open(string? device, string? solverMode, Terminal terminal)
    {
        if (device != null && device.StartsWith("opencl", StringComparison.Ordinal))
        {
            throw new CortadoException($"--device {device}: this version of Cortado has no OpenCL backend yet. Use --device cpu, or --device auto, which takes the CPU where there is nothing better.");
        }
        var backend = new CpuBackend();
        string? asked = device == "auto" ? "--device auto" : device == null ? solverMode : null;
        if (asked != null)
            terminal.Note($"{asked} asks for a graphics device; this version of Cortado has no OpenCL backend yet, so it computes on the {backend.Description}.");
        return backend;
    }

    [GeneratedRegex("^(cpu|auto|opencl(:[0-9]{1,3}:[0-9]{1,3})?)$", RegexOptions.CultureInvariant)]
    private static partial Regex Known();
}
