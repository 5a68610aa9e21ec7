using System.Diagnostics.CodeAnalysis;
using Cortado.Backends;
using Cortado.Backends.Cpu;
#if OPENCL
using Cortado.OpenCL;
#endif

namespace Cortado.Tests;

/// <summary>
/// The backend under test, by the environment variable CORTADO_DEVICE: cpu, cpu:KERNELS (the name of a <see cref="SimdLevel"/>: cpu:Vector4 computes as on Mono, whatever
/// runtime this is), and in the test projects that know OpenCL also opencl and opencl:P:D. Where it is not set, the project's own: cpu, what Mono computes with
/// in the tests of the portable build, or the best OpenCL device in the tests of that backend.
/// </summary>
public static class TestBackend
{
#if OPENCL_BY_DEFAULT
    private const string Default = "opencl";
#elif MONO_KERNELS_BY_DEFAULT
    private const string Default = "cpu:Vector4";
#else
    private const string Default = "cpu";
#endif

    /// <summary>The backend's name.</summary>
    public static string Device => Environment.GetEnvironmentVariable("CORTADO_DEVICE") is { Length: > 0 } given ? given : Default;

    /// <summary>Whether it is the managed backend.</summary>
    public static bool IsCpu => Device == "cpu" || Device.StartsWith("cpu:", StringComparison.Ordinal);

    /// <summary>
    /// Skips the test for want of something; fails it where the environment variable CORTADO_REQUIRE names that: <c>opencl</c>, <c>oclgrind</c>. So nobody
    /// takes a machine on which nothing was tested for one on which all is well.
    /// </summary>
    [DoesNotReturn]
    public static void Absent(string what, string reason)
    {
        if ((Environment.GetEnvironmentVariable("CORTADO_REQUIRE") ?? "").Split(' ').Contains(what)) Assert.Fail($"CORTADO_REQUIRE asks for {what}. {reason}");
        Assert.Skip(reason);
    }

    /// <summary>Creates the backend. Where the machine has no such device, the test is skipped and says so.</summary>
    public static IBackend Create()
    {
        string device = Device;
        // At least two threads, so that work is divided on a machine of one processor too.
        int threads = Math.Max(2, Environment.ProcessorCount);
        if (device == "cpu") return new CpuBackend(threads);
        if (IsCpu) return new CpuBackend(threads, Enum.Parse<SimdLevel>(device["cpu:".Length..]));
#if OPENCL
        if (device.StartsWith("opencl", StringComparison.Ordinal))
        {
            OpenClPlatforms platforms = OpenClPlatforms.Discover();
            if (platforms.Devices.Count == 0) Absent("opencl", platforms.Problem!);
            return new OpenClBackend(platforms.Find(device), new OpenClOptions { BackgroundTuning = TimeSpan.Zero });
        }
        throw new InvalidOperationException($"CORTADO_DEVICE is '{device}'; expected cpu, cpu:KERNELS, opencl or opencl:P:D.");
#else
        throw new InvalidOperationException($"CORTADO_DEVICE is '{device}'; expected cpu or cpu:KERNELS.");
#endif
    }
}
