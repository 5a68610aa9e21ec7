using System.Diagnostics;
using Cortado.Backends.Contracts;
using Cortado.OpenCL.Runtime;
using Cortado.Tensors;

namespace Cortado.OpenCL;

/// <summary>What a device can do at best, measured now: the yardstick for reported speeds.</summary>
public sealed class OpenClPeak
{
    private const int Rounds = 2048;
    private const int VectorsInRound = 8;
    private const int Measurements = 4;

    private OpenClPeak(double flops, double bandwidth)
    {
        FlopsPerSecond = flops;
        ReadBytesPerSecond = bandwidth;
    }

    /// <summary>Floating-point operations per second of multiply-adds on registers, each counted as two.</summary>
    public double FlopsPerSecond { get; }

    /// <summary>Bytes per second read from the device's memory.</summary>
    public double ReadBytesPerSecond { get; }

    /// <summary>Measures a device; takes some tenths of a second, and up to 256 MiB for that time.</summary>
    public static OpenClPeak Measure(OpenClBackend backend) => new(MeasureFlops(backend), MeasureBandwidth(backend));

    /// <summary>Measures the multiply-adds alone.</summary>
    public static double MeasureFlops(OpenClBackend backend)
    {
        ElementTuning tuning = ElementTuning.Columns(backend);
        using Kernel kernel = backend.CreateKernel("peak.cl", tuning.CompileOptions, "peak_multiply_adds", tuning.WorkGroup);
        using DeviceBuffer nothing = backend.Allocate(1);
        long groups = (long)Math.Max(1, backend.Device.ComputeUnits) * (backend.UsesCpuKernels ? 64 * 32 : 64);
        double seconds = Best(backend, () => kernel.Write(nothing).Number(0.999f).Number(0.001f).Run(groups));
        return groups * tuning.WorkGroup * (double)tuning.Width * VectorsInRound * Rounds * 2 / seconds;
    }

    private static double MeasureBandwidth(OpenClBackend backend)
    {
        // More than any cache holds.
        int count = (int)Math.Min(64L << 20, backend.Device.LargestBufferBytes / sizeof(float) / 4);
        using DeviceBuffer buffer = backend.Allocate(count);
        using IVectorNorm norm = backend.Prepare(new VectorNormSpec(count));
        double seconds = Best(backend, () => norm.AbsSum(buffer));
        return count * (double)sizeof(float) / seconds;
    }

    private static double Best(OpenClBackend backend, Action work)
    {
        double best = double.MaxValue;
        for (int i = 0; i <= Measurements; i++)
        {
            long start = Stopwatch.GetTimestamp();
            work();
            backend.Synchronize();
            // The first one compiles.
            if (i > 0) best = Math.Min(best, (Stopwatch.GetTimestamp() - start) / (double)Stopwatch.Frequency);
        }
        return best;
    }
}
