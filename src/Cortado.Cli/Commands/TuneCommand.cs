using System.CommandLine;
using System.Globalization;
using Cortado.OpenCL;

namespace Cortado.Cli.Commands;

/// <summary><c>cortado tune</c>: finds the fastest kernels for an OpenCL device.</summary>
internal static class TuneCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

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
        var seconds = Numbers.Positive("--seconds", "How long to try; the best by then is kept, and a candidate that is still being compiled is given up. Default: until all is tried, some minutes. Ctrl+C keeps the best so far, too.");
        var command = new Command("tune", "Find the fastest kernels for an OpenCL device by trying, and remember them for this device and driver. Leave the machine alone meanwhile.") { device, seconds };
        command.SetAction(parsed => Run(terminal, parsed.GetRequiredValue(device), parsed.GetValue(seconds)));
        return command;
    }

    private static int Run(Terminal terminal, string key, int? seconds)
    {
        using var interrupt = new Interrupt(terminal);
        OpenClPlatforms platforms = OpenClPlatforms.Discover();
        if (platforms.Devices.Count == 0) throw new CortadoException($"--device {key}: {platforms.Problem}");
        var backend = new OpenClBackend(platforms.Find(key));
        bool abandoned = false;
        try
        {
            DeviceOption.TellOfCache(backend, terminal);
            terminal.Line($"Tuning {backend.Description}");
            using CancellationTokenRegistration stopping = interrupt.Token.Register(() => terminal.Note(string.Create(CultureInfo.InvariantCulture,
                $"stopping: a candidate is being compiled or measured, and a driver cannot be interrupted in that. It is given up if that takes longer than {Patience.TotalSeconds:F0} s; the best so far, if there is one, is kept.")));
            OpenClTuningResult result = OpenClTuner.TuneOrAbandon(backend, seconds is { } most ? TimeSpan.FromSeconds(most) : null, Patience, step => terminal.Line(Describe(step)), interrupt.Token);
            abandoned = result.Abandoned;
            return Report(terminal, result, interrupt.Token);
        }
        finally
        {
            // The process ends now, and the driver's work with it.
            if (!abandoned) backend.Dispose();
        }
    }

    private static int Report(Terminal terminal, OpenClTuningResult result, CancellationToken cancel)
    {
        if (result.FlopsPerSecond == 0)
        {
            cancel.ThrowIfCancellationRequested();
            terminal.Line("The time was up while the kernels in use were still being compiled, so nothing is known and nothing was kept. Give more --seconds.");
            return ExitCode.Done;
        }
        string faster = result.DefaultFlopsPerSecond == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {result.FlopsPerSecond / result.DefaultFlopsPerSecond:F2} times as fast as before");
        string end = cancel.IsCancellationRequested ? " Stopped before all was tried, so it was not measured again beside the numbers in use before." : result.Complete ? "" : " The time was up before all was tried.";
        terminal.Line($"Fastest: {result.Description}: {Giga(result.FlopsPerSecond)}{faster}.{end}");
        terminal.Line(result.Path == null ? "It could not be kept: the folder of CORTADO_CACHE cannot be written to, or is empty for none." : $"Kept in {result.Path}");
        return cancel.IsCancellationRequested ? ExitCode.Cancelled : ExitCode.Done;
    }

    private static string Describe(OpenClTuningStep step) => string.Create(CultureInfo.InvariantCulture,
        $"[{step.Tried,2}/{step.Count}] {step.Description}: {step.Problem ?? Giga(step.FlopsPerSecond)}{(step.IsBest ? " *" : "")}");

    private static string Giga(double value) => (value / 1e9).ToString("F1", CultureInfo.InvariantCulture) + " GFLOP/s";
}
