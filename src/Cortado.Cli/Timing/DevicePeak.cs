using Cortado.Backends;
using Cortado.Backends.Cpu;
using Cortado.OpenCL;

namespace Cortado.Cli.Timing;

/// <summary>What a device can do at best, measured now, for reporting speeds as a share of it; 0 where there is no such measurement.</summary>
/// <param name="Gflops">GFLOP/s of multiply-adds.</param>
/// <param name="Gbytes">GB/s read from memory.</param>
internal sealed record DevicePeak(double Gflops, double Gbytes)
{
    public static DevicePeak Measure(IBackend backend)
    {
        switch (backend)
        {
            case CpuBackend cpu:
                PeakMeasurement managed = PeakMeasurement.Measure(cpu);
                return new DevicePeak(managed.FlopsPerSecond / 1e9, managed.ReadBytesPerSecond / 1e9);
            case OpenClBackend opencl:
                OpenClPeak peak = OpenClPeak.Measure(opencl);
                return new DevicePeak(peak.FlopsPerSecond / 1e9, peak.ReadBytesPerSecond / 1e9);
            default: return new DevicePeak(0, 0);
        }
    }

    /// <summary>
    /// The least time that work can take here, in milliseconds: that of its arithmetic or that of its memory traffic, whichever is longer; null where
    /// that is not known.
    /// </summary>
    public double? LeastMs(long flops, long bytes, out bool memoryBound)
    {
        memoryBound = false;
        if (Gflops <= 0 || Gbytes <= 0 || (flops == 0 && bytes == 0)) return null;
        double arithmetic = flops / (Gflops * 1e6), memory = bytes / (Gbytes * 1e6);
        memoryBound = memory > arithmetic;
        return Math.Max(arithmetic, memory);
    }
}
