using Cortado.Backends;
using Cortado.Backends.Cpu;
using Cortado.OpenCL;

namespace Cortado.Cli.Timing;

/// <summary>What a device can do at best, for reporting speeds as a share of it.</summary>
internal static class DevicePeak
{
    /// <summary>Measured GFLOP/s of multiply-adds; 0 where the device has no such measurement.</summary>
    public static double Gflops(IBackend backend) => backend switch
    {
        CpuBackend cpu => PeakMeasurement.MeasureFlops(cpu) / 1e9,
        OpenClBackend opencl => OpenClPeak.MeasureFlops(opencl) / 1e9,
        _ => 0,
    };
}
