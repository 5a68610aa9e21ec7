using System.CommandLine;
using System.Globalization;
using Cortado.OpenCL;

namespace Cortado.Cli.Commands;

/// <summary><c>cortado tune</c>: finds the fastest kernels for an OpenCL device.</summary>
internal static class TuneCommand
{
    public static Command Create(Terminal terminal)
    {
        var device = new Option<string>("--device")
        {
            Description = "The OpenCL device: opencl for the best one, or opencl:P:D (see 'cortado devices').",
            HelpName = "opencl|opencl:P:D",
            DefaultValueFactory = _ => "opencl",
        };
        device.Validators.Add(result =>
        {
            string? text = result.GetValueOrDefault<string?>();
            if (text != null && !text.StartsWith("opencl", StringComparison.Ordinal)) result.AddError($"--device {text}: only OpenCL devices are tuned; expected opencl or opencl:P:D, such as opencl:0:0.");
        });
        var seconds = Numbers.Positive("--seconds", "How long to try; the best by then is kept. A candidate that is being compiled is finished first. Default: until all is tried, some minutes.");
        var command = new Command("tune", "Find the fastest kernels for an OpenCL device by trying, and remember them for this device and driver. Leave the machine alone meanwhile.") { device, seconds };
        command.SetAction(parsed => Run(terminal, parsed.GetRequiredValue(device), parsed.GetValue(seconds)));
        return command;
    }

    private static int Run(Terminal terminal, string key, int? seconds)
    {
        using var interrupt = new Interrupt();
        OpenClPlatforms platforms = OpenClPlatforms.Discover();
        if (platforms.Devices.Count == 0) throw new CortadoException($"--device {key}: {platforms.Problem}");
        using var backend = new OpenClBackend(platforms.Find(key));
        terminal.Line($"Tuning {backend.Description}");
        OpenClTuningResult result = OpenClTuner.Tune(backend, seconds is { } most ? TimeSpan.FromSeconds(most) : null, step => terminal.Line(Describe(step)), interrupt.Token);
        terminal.Line(string.Create(CultureInfo.InvariantCulture,
            $"Fastest: {result.Description}: {Giga(result.FlopsPerSecond)}, {result.FlopsPerSecond / result.DefaultFlopsPerSecond:F2} times as fast as before.{(result.Complete ? "" : " The time was up before all was tried.")}"));
        terminal.Line(result.Path == null ? "It could not be kept: the folder of CORTADO_CACHE cannot be written to, or is empty for none." : $"Kept in {result.Path}");
        return ExitCode.Done;
    }

    private static string Describe(OpenClTuningStep step) => string.Create(CultureInfo.InvariantCulture,
        $"[{step.Tried,2}/{step.Count}] {step.Description}: {step.Problem ?? Giga(step.FlopsPerSecond)}{(step.IsBest ? " *" : "")}");

    private static string Giga(double value) => (value / 1e9).ToString("F1", CultureInfo.InvariantCulture) + " GFLOP/s";
}
