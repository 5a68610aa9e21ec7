using System.Text;
using Silk.NET.OpenCL;

namespace Cortado.OpenCL.Runtime;

/// <summary>
/// The loaded OpenCL library: entry points, no other state. It is never unloaded: drivers run threads of their own, and memory may be
/// let go after the backend that made it.
/// </summary>
internal sealed unsafe class OpenClApi
{
    private static readonly object Loading = new();
    private static OpenClApi? _loaded;

    private OpenClApi(CL cl) => Cl = cl;

    public CL Cl { get; }

    /// <summary>The library, loaded at the first call that can; or a sentence that says why it cannot be.</summary>
    public static OpenClApi? TryLoad(out string? problem)
    {
        lock (Loading)
        {
            problem = null;
            return _loaded ??= Load(out problem);
        }
    }

    private static OpenClApi? Load(out string? problem)
    {
        problem = null;
        try
        {
            var cl = new CL(OpenClLibrary.Open());
            // Entry points are looked up at their first use: a library that is missing or broken shows only now.
            uint count = 0;
            int code = cl.GetPlatformIDs(0, null, &count);
            if (code == 0 && count > 0)
            {
                var api = new OpenClApi(cl);
                // Drivers set themselves up when they are first asked for devices, and PoCL 3.1 cannot bear another thread's question meanwhile.
                foreach (nint platform in api.Platforms()) cl.GetDeviceIDs(platform, DeviceType.All, 0, null, &count);
                return api;
            }
            problem = code == 0 || code == OpenClError.PlatformNotFound
                ? "OpenCL is installed but no driver that works is: its loader found no platform. Install the OpenCL driver of your graphics card, or pocl-opencl-icd for the CPU (Debian, Ubuntu)."
                : $"OpenCL's loader failed ({OpenClError.Name(code)}). Install the driver of your graphics card again.";
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // Whatever the loader throws (no file, another architecture, a missing entry point), for the user it is one thing.
            problem = $"OpenCL cannot be loaded here ({FirstLine(failure.Message)}). It comes with the driver of a graphics card, or as ocl-icd-libopencl1 with pocl-opencl-icd (Debian, Ubuntu).";
        }
        return null;
    }

    public nint[] Platforms()
    {
        uint count = 0;
        OpenClError.Check(Cl.GetPlatformIDs(0, null, &count), "clGetPlatformIDs");
        var ids = new nint[count];
        fixed (nint* first = ids) OpenClError.Check(Cl.GetPlatformIDs(count, first, null), "clGetPlatformIDs");
        return ids;
    }

    public nint[] Devices(nint platform)
    {
        uint count = 0;
        int code = Cl.GetDeviceIDs(platform, DeviceType.All, 0, null, &count);
        if (code == OpenClError.DeviceNotFound || count == 0) return Array.Empty<nint>();
        OpenClError.Check(code, "clGetDeviceIDs");
        var ids = new nint[count];
        fixed (nint* first = ids) OpenClError.Check(Cl.GetDeviceIDs(platform, DeviceType.All, count, first, null), "clGetDeviceIDs");
        return ids;
    }

    public string Text(nint platform, PlatformInfo what)
    {
        nuint size = 0;
        OpenClError.Check(Cl.GetPlatformInfo(platform, what, 0, null, &size), "clGetPlatformInfo");
        var bytes = new byte[(int)size];
        fixed (byte* first = bytes) OpenClError.Check(Cl.GetPlatformInfo(platform, what, size, first, null), "clGetPlatformInfo");
        return ToText(bytes);
    }

    public string Text(nint device, DeviceInfo what)
    {
        nuint size = 0;
        OpenClError.Check(Cl.GetDeviceInfo(device, what, 0, null, &size), "clGetDeviceInfo");
        var bytes = new byte[(int)size];
        fixed (byte* first = bytes) OpenClError.Check(Cl.GetDeviceInfo(device, what, size, first, null), "clGetDeviceInfo");
        return ToText(bytes);
    }

    /// <summary>A number that a device tells of itself; 0 where it does not know the question.</summary>
    public T Value<T>(nint device, DeviceInfo what) where T : unmanaged
    {
        T value = default;
        return Cl.GetDeviceInfo(device, what, (nuint)sizeof(T), &value, null) == 0 ? value : default;
    }

    internal static string ToText(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString((end < 0 ? bytes : bytes.Slice(0, end)).ToArray()).Trim();
    }

    private static string FirstLine(string text)
    {
        int end = text.IndexOfAny(new[] { '\r', '\n' });
        return (end < 0 ? text : text.Substring(0, end)).TrimEnd('.', ' ');
    }
}
