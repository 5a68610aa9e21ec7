using System.Diagnostics;
using System.Globalization;
using Cortado.Backends;
using Cortado.Backends.Contracts;
using Cortado.Backends.Cpu;
using Cortado.Tensors;

namespace Cortado.OpenCL;

/// <summary>A backend and why it was chosen, as a sentence for people.</summary>
public sealed record DeviceChoice(IBackend Backend, string Reason)
{
    // What is lent to the device costs something too, and measurements waver: a CPU device must win clearly.
    private const double ClearlyFaster = 1.1;

    /// <summary>
    /// Chooses what computes fastest here: the fastest usable GPU; without one, a CPU device that beats the managed backend clearly; else
    /// the managed backend. Speed is that of a convolution forward and backward, measured now on what is compared. It
    /// never fails: a device that does counts as none.
    /// </summary>
    public static DeviceChoice Auto(OpenClOptions? options = null)
    {
        OpenClPlatforms platforms = OpenClPlatforms.Discover();
        var cpu = new CpuBackend();
        var notes = new List<string>();
        (OpenClBackend? gpu, double gpuSpeed) = Fastest(platforms, OpenClDeviceType.Gpu, options, notes);
        if (gpu != null)
        {
            cpu.Dispose();
            return new DeviceChoice(gpu, Text($"{gpu.Device.Key}, {gpu.Description}: the fastest graphics device here, {gpuSpeed / 1e9:F0} GFLOP/s on a convolution.{Join(notes)}"));
        }
        (OpenClBackend? device, double speed) = Fastest(platforms, OpenClDeviceType.Cpu, options, notes);
        if (device == null)
            return new DeviceChoice(cpu, Text($"the CPU ({cpu.Description}): {(platforms.Devices.Count == 0 ? platforms.Problem : "no OpenCL device here can be used." + Join(notes))}"));
        double managed = Speed(cpu);
        string comparison = Text($"on a convolution {device.Device.Key} ({device.Device.Name}) does {speed / 1e9:F0} GFLOP/s, the managed backend {managed / 1e9:F0}");
        if (speed > ClearlyFaster * managed)
        {
            cpu.Dispose();
            return new DeviceChoice(device, Text($"{device.Device.Key}, {device.Description}: there is no graphics device, and {comparison}.{Join(notes)}"));
        }
        device.Dispose();
        return new DeviceChoice(cpu, Text($"the CPU ({cpu.Description}): there is no graphics device, and {comparison}.{Join(notes)}"));
    }

    /// <summary>Floating-point operations per second of a convolution, forward and backward: some tenths of a second on a CPU.</summary>
    public static double Speed(IBackend backend)
    {
        var spec = new ConvolutionSpec
        {
            Batch = 8,
            InChannels = 96,
            InHeight = 14,
            InWidth = 14,
            OutChannels = 128,
            KernelHeight = 3,
            KernelWidth = 3,
            PadHeight = 1,
            PadWidth = 1,
        };
        using IConvolution convolution = backend.Prepare(spec);
        using DeviceBuffer input = backend.Allocate(spec.Batch * spec.InChannels * spec.InHeight * spec.InWidth), inputDiff = backend.Allocate(input.Count);
        using DeviceBuffer output = backend.Allocate(spec.Batch * spec.OutChannels * spec.OutHeight * spec.OutWidth), outputDiff = backend.Allocate(output.Count);
        using DeviceBuffer weights = backend.Allocate(spec.OutChannels * spec.InChannels * 9), weightsDiff = backend.Allocate(weights.Count);
        double best = double.MaxValue;
        for (int i = 0; i < 4; i++)
        {
            long start = Stopwatch.GetTimestamp();
            convolution.Forward(input, weights, null, output);
            convolution.BackwardData(outputDiff, weights, inputDiff);
            convolution.BackwardWeights(input, outputDiff, weightsDiff, null);
            backend.Synchronize();
            // The first one compiles and copies.
            if (i > 0) best = Math.Min(best, (Stopwatch.GetTimestamp() - start) / (double)Stopwatch.Frequency);
        }
        return 3 * 2.0 * output.Count * spec.InChannels * 9 / best;
    }

    private static (OpenClBackend? Backend, double Speed) Fastest(OpenClPlatforms platforms, OpenClDeviceType type, OpenClOptions? options, List<string> notes)
    {
        (OpenClBackend? Backend, double Speed) best = default;
        foreach (OpenClDevice device in platforms.Devices)
        {
            if (device.Type != type && !(type == OpenClDeviceType.Gpu && device.Type == OpenClDeviceType.Accelerator)) continue;
            OpenClBackend? backend = null;
            try
            {
                backend = new OpenClBackend(device, options);
                double speed = Speed(backend);
                if (speed > best.Speed) (best, backend) = ((backend, speed), best.Backend);
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                // A driver that lacks an entry point or breaks down in another way is one more that cannot be used.
                notes.Add($"{device.Key} cannot be used: {failure.Message}");
            }
            backend?.Dispose();
        }
        return best;
    }

    private static string Join(List<string> notes) => notes.Count == 0 ? "" : " " + string.Join(" ", notes);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
