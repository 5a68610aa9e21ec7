using System.Globalization;
using Cortado.Backends;
using Cortado.OpenCL;

namespace Cortado.Cli;

/// <summary>
/// What is done once for a device. Some seconds of tuning before the first training on a graphics card. Before and not beside it: measurements beside a training tell little, and other kernels in
/// its midst would change its bits.
/// </summary>
internal static class FirstUse
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(8);

    /// <summary>Says why it takes a while until something is seen, where no run has left kernels for the device.</summary>
    public static void Announce(IBackend backend, Terminal terminal)
    {
        if (backend is OpenClBackend { StoredPrograms: 0 } opencl)
            terminal.Note($"no compiled kernels are cached for {opencl.Device.Name}: its driver compiles them now, which takes some seconds.");
    }

    /// <summary>Tunes the backend's device where it is one and no run has tuned it.</summary>
    /// <exception cref="OperationCanceledException">The user cancelled.</exception>
    public static void Tune(IBackend backend, Terminal terminal, CancellationToken cancel)
    {
        if (backend is not OpenClBackend opencl || !OpenClTuner.IsFirstUse(opencl)) return;
        terminal.Note(string.Create(CultureInfo.InvariantCulture,
            $"the first training on {opencl.Device.Name}: trying kernels for {Budget.TotalSeconds:F0} s, once (--no-tune leaves it out; 'cortado tune' tries all)"));
        OpenClTuningResult? result = OpenClTuner.TuneAtFirstUse(opencl, Budget, null, cancel);
        if (result != null)
            terminal.Note(string.Create(CultureInfo.InvariantCulture, $"kept {result.Description}: {result.FlopsPerSecond / result.DefaultFlopsPerSecond:F2} times as fast as the defaults"));
    }
}
