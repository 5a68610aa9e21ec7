using System.Globalization;
using Cortado.OpenCL.Runtime;
using Silk.NET.OpenCL;

namespace Cortado.OpenCL;

/// <summary>What kind of processor an OpenCL device is.</summary>
public enum OpenClDeviceType
{
    /// <summary>A graphics processor.</summary>
    Gpu,

    /// <summary>The machine's own processor.</summary>
    Cpu,

    /// <summary>Anything else.</summary>
    Accelerator,
}

/// <summary>An OpenCL device as it describes itself. Its two numbers name it: <c>opencl:P:D</c>.</summary>
public sealed class OpenClDevice
{
    // Deprecated since OpenCL 2.0 in favour of shared virtual memory, and still the only question that drivers of 1.2 answer.
    private const DeviceInfo HostUnifiedMemory = (DeviceInfo)0x1035;

    private const string Pocl = "Portable Computing Language";

    internal OpenClDevice(OpenClApi api, nint platform, nint device, int platformIndex, int deviceIndex)
    {
        PlatformId = platform;
        DeviceId = device;
        PlatformIndex = platformIndex;
        DeviceIndex = deviceIndex;
        Platform = api.Text(platform, PlatformInfo.Name);
        Name = api.Text(device, DeviceInfo.Name);
        Vendor = api.Text(device, DeviceInfo.Vendor);
        DriverVersion = api.Text(device, DeviceInfo.DriverVersion);
        Version = api.Text(device, DeviceInfo.Version);
        string extensions = " " + api.Text(device, DeviceInfo.Extensions) + " ";
        HasHalf = extensions.IndexOf(" cl_khr_fp16 ", StringComparison.Ordinal) >= 0;
        ulong type = api.Value<ulong>(device, DeviceInfo.Type);
        Type = (type & (ulong)DeviceType.Gpu) != 0 ? OpenClDeviceType.Gpu : (type & (ulong)DeviceType.Cpu) != 0 ? OpenClDeviceType.Cpu : OpenClDeviceType.Accelerator;
        ComputeUnits = (int)api.Value<uint>(device, DeviceInfo.MaxComputeUnits);
        ClockMegahertz = (int)api.Value<uint>(device, DeviceInfo.MaxClockFrequency);
        MemoryBytes = (long)api.Value<ulong>(device, DeviceInfo.GlobalMemSize);
        LargestBufferBytes = (long)api.Value<ulong>(device, DeviceInfo.MaxMemAllocSize);
        LocalMemoryBytes = (long)api.Value<ulong>(device, DeviceInfo.LocalMemSize);
        LargestWorkGroup = (int)api.Value<nuint>(device, DeviceInfo.MaxWorkGroupSize);
        NativeFloatWidth = Math.Max(1, (int)api.Value<uint>(device, DeviceInfo.NativeVectorWidthFloat));
        SharesHostMemory = Type == OpenClDeviceType.Cpu || api.Value<uint>(device, HostUnifiedMemory) != 0;
        Problem = FindProblem(api);
        KeepsKernels = IsPocl && Environment.GetEnvironmentVariable("POCL_KERNEL_CACHE") is not "0";
    }

    /// <summary>The platform's number, from 0.</summary>
    public int PlatformIndex { get; }

    /// <summary>The device's number on its platform, from 0.</summary>
    public int DeviceIndex { get; }

    /// <summary>What <c>--device</c> takes: <c>opencl:0:1</c>.</summary>
    public string Key => string.Format(CultureInfo.InvariantCulture, "opencl:{0}:{1}", PlatformIndex, DeviceIndex);

    /// <summary>The platform's name: the driver's maker.</summary>
    public string Platform { get; }

    /// <summary>The device's name.</summary>
    public string Name { get; }

    /// <summary>The device's maker.</summary>
    public string Vendor { get; }

    /// <summary>The driver's version.</summary>
    public string DriverVersion { get; }

    /// <summary>The version of OpenCL that the device speaks, in OpenCL's words: <c>OpenCL 1.2 ...</c>.</summary>
    public string Version { get; }

    /// <summary>What kind of processor it is.</summary>
    public OpenClDeviceType Type { get; }

    /// <summary>Multiprocessors, or cores.</summary>
    public int ComputeUnits { get; }

    /// <summary>The highest clock in MHz; 0 where the driver does not say.</summary>
    public int ClockMegahertz { get; }

    /// <summary>Memory in bytes.</summary>
    public long MemoryBytes { get; }

    /// <summary>The longest single buffer in bytes.</summary>
    public long LargestBufferBytes { get; }

    /// <summary>Local memory of a work-group in bytes.</summary>
    public long LocalMemoryBytes { get; }

    /// <summary>The most work-items in a work-group.</summary>
    public int LargestWorkGroup { get; }

    /// <summary>Floats in one of its vector registers; 1 where work-items are the lanes.</summary>
    public int NativeFloatWidth { get; }

    /// <summary>Whether it computes on half-precision numbers (cl_khr_fp16).</summary>
    public bool HasHalf { get; }

    /// <summary>Whether its memory is the host's, so that nothing need be copied.</summary>
    public bool SharesHostMemory { get; }

    /// <summary>Why Cortado cannot use the device, as a sentence; null where it can.</summary>
    public string? Problem { get; }

    internal nint PlatformId { get; }

    internal nint DeviceId { get; }

    /// <summary>
    /// Whether its driver is PoCL. It compiles a kernel when it first runs, and breaks down when two threads or two queues of a process make it do so at once.
    /// </summary>
    internal bool IsPocl => Platform.IndexOf(Pocl, StringComparison.Ordinal) >= 0;

    /// <summary>
    /// Whether its driver keeps what it compiles by itself. PoCL does, each kernel as it was run, unless POCL_KERNEL_CACHE is 0; asked for a program's binary, it
    /// first compiles every kernel of the program once more, for work-groups of any size, which takes several times as long as those that a network runs.
    /// </summary>
    internal bool KeepsKernels { get; }

    /// <summary>Whether it is used as a CPU: few wide work-items instead of many narrow ones.</summary>
    internal bool IsCpu => Type == OpenClDeviceType.Cpu;

    /// <inheritdoc/>
    public override string ToString() => string.Format(CultureInfo.InvariantCulture, "{0} ({1}), {2} compute units, {3:F1} GiB",
        Name, Platform, ComputeUnits, MemoryBytes / (1024.0 * 1024 * 1024));

    private string? FindProblem(OpenClApi api)
    {
        if (api.Value<uint>(DeviceId, DeviceInfo.Available) == 0) return $"{Name} is not available: its driver says so.";
        if (api.Value<uint>(DeviceId, DeviceInfo.CompilerAvailable) == 0) return $"{Name} has no compiler for kernels.";
        if (Version.StartsWith("OpenCL 1.0", StringComparison.Ordinal) || Version.StartsWith("OpenCL 1.1", StringComparison.Ordinal))
            return $"{Name} speaks {Version}; expected OpenCL 1.2 or later. Install a newer driver.";
        return null;
    }
}
