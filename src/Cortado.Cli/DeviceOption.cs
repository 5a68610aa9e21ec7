using System.CommandLine;
using System.Text.RegularExpressions;
using Cortado.Backends;
using Cortado.Backends.Cpu;
using Cortado.OpenCL;

namespace Cortado.Cli;

/// <summary>The option <c>--device</c> and the backend that it means.</summary>
internal static partial class DeviceOption
{
    /// <summary>The option <c>--no-tune</c>.</summary>
    public static Option<bool> CreateNoTune(string description) => new("--no-tune") { Description = description };

    public static Option<string?> Create()
    {
        var option = new Option<string?>("--device")
        {
            Description = "What computes: cpu, opencl, auto (what is fastest here), or opencl:P:D (platform and device number, see 'cortado devices').",
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

    /// <summary>
    /// Opens the backend. <paramref name="solverMode"/> says how the prototxt asks for a graphics device, where it does. Says which one was
    /// chosen where nobody named it, and what it cannot do itself.
    /// </summary>
    /// <exception cref="CortadoException">A device is asked for by name that is not there or cannot be used.</exception>
    public static IBackend Open(string? device, string? solverMode, Terminal terminal) => Open(device, solverMode, half: false, terminal);

    /// <summary>The same; <paramref name="half"/> asks for weights in half precision, which only OpenCL devices have.</summary>
    /// <exception cref="CortadoException">A device is asked for by name that is not there or cannot be used, or has no half precision.</exception>
    public static IBackend Open(string? device, string? solverMode, bool half, Terminal terminal) => Open(device, solverMode, half, tune: false, terminal);

    /// <summary>The same; <paramref name="tune"/> lets the backend look for faster kernels in the background of a network in use.</summary>
    /// <exception cref="CortadoException">A device is asked for by name that is not there or cannot be used, or has no half precision.</exception>
    public static IBackend Open(string? device, string? solverMode, bool half, bool tune, Terminal terminal)
    {
        var options = new OpenClOptions { HalfWeights = half, BackgroundTuning = tune ? null : TimeSpan.Zero };
        if (device != null && device.StartsWith("opencl", StringComparison.Ordinal))
        {
            OpenClPlatforms platforms = OpenClPlatforms.Discover();
            if (platforms.Devices.Count == 0) throw new CortadoException($"--device {device}: {platforms.Problem} Or use --device cpu.");
            return Announcing(new OpenClBackend(platforms.Find(device), options), terminal);
        }
        string? asked = device == "auto" ? "--device auto" : device == null ? solverMode : null;
        if (asked == null) return half ? throw NoHalf("The managed backend") : new CpuBackend();
        DeviceChoice choice = DeviceChoice.Auto(options);
        terminal.Note($"{asked} takes {choice.Reason}");
        if (half && choice.Backend is not OpenClBackend)
        {
            choice.Backend.Dispose();
            throw NoHalf("What was chosen");
        }
        return choice.Backend is OpenClBackend opencl ? Announcing(opencl, terminal) : choice.Backend;
    }

    private static CortadoException NoHalf(string what) => new($"--half: {what} has no weights in half precision. Give --device opencl with it.");

    private static OpenClBackend Announcing(OpenClBackend backend, Terminal terminal)
    {
        backend.FellBack += terminal.Note;
        TellOfCache(backend, terminal);
        return backend;
    }

    /// <summary>Warns where nothing can be kept for the next start.</summary>
    public static void TellOfCache(OpenClBackend backend, Terminal terminal)
    {
        if (backend.CacheProblem is { } problem) terminal.Error.WriteLine($"warning: {problem}");
    }

    [GeneratedRegex("^(cpu|auto|opencl(:[0-9]{1,3}:[0-9]{1,3})?)$", RegexOptions.CultureInvariant)]
    private static partial Regex Known();
}
