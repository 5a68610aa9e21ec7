using System.Diagnostics.CodeAnalysis;
using Cortado.Backends;
using Cortado.Backends.Cpu;
#if OPENCL
using Cortado.OpenCL;
#endif

namespace Cortado.Tests;

/// <summary>
/// The backend under test, by the environment variable CORTADO_DEVICE: cpu, and in the test projects that know OpenCL also opencl and
/// opencl:P:D. Where it is not set, the project's own: cpu, or the best OpenCL device in the tests of that backend.
/// </summary>
public static class TestBackend
{
#if OPENCL_BY_DEFAULT
    private const string Default = "opencl";
#else
    private const string Default = "cpu";
#endif

    /// <summary>The backend's name.</summary>
    public static string Device => Environment.GetEnvironmentVariable("CORTADO_DEVICE") is { Length: > 0 } given ? given : Default;

    /// <summary>What arrays are compared by where a backend adds in another order: ten times the tolerance of the golden data.</summary>
    public static double Tolerance => Device == "cpu" ? ArrayDifference.Tolerance : 10 * ArrayDifference.Tolerance;

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
        if (device == "cpu") return new CpuBackend(Math.Max(2, Environment.ProcessorCount));
#if OPENCL
        if (device.StartsWith("opencl", StringComparison.Ordinal))
        {
            OpenClPlatforms platforms = OpenClPlatforms.Discover();
            if (platforms.Devices.Count == 0) Absent("opencl", platforms.Problem!);
            return new OpenClBackend(platforms.Find(device));
        }
        throw new InvalidOperationException($"CORTADO_DEVICE is '{device}'; expected cpu, opencl or opencl:P:D.");
#else
        throw new InvalidOperationException($"CORTADO_DEVICE is '{device}'; expected cpu.");
#endif
    }
}
