using System.Runtime.InteropServices;
using Silk.NET.Core.Contexts;

namespace Cortado.OpenCL.Runtime;

/// <summary>
/// The OpenCL loader of this machine, opened by the names that systems give it. It is loaded here and not by the binding, whose own search goes
/// through package folders that a game does not have.
/// </summary>
internal sealed class OpenClLibrary : INativeContext
{
    /// <summary>The environment variable that names another loader, by a name that the system knows or a path: for one in an unusual place.</summary>
    public const string Variable = "CORTADO_OPENCL_LIBRARY";

    private readonly nint _library;

    private OpenClLibrary(nint library) => _library = library;

    /// <summary>Opens the first library that there is.</summary>
    /// <exception cref="DllNotFoundException">There is none.</exception>
    public static OpenClLibrary Open()
    {
        string[] names = Names();
        foreach (string name in names)
        {
            nint library = NativeLoader.Open(name);
            if (library != 0) return new OpenClLibrary(library);
        }
        throw new DllNotFoundException($"there is no {string.Join(" or ", names)} that can be loaded{(Named() == null ? "" : $"; {Variable} names it")}");
    }

    /// <inheritdoc/>
    public nint GetProcAddress(string proc, int? slot = null) => TryGetProcAddress(proc, out nint address, slot)
        ? address
        : throw new EntryPointNotFoundException($"the library has no {proc}");

    /// <inheritdoc/>
    public bool TryGetProcAddress(string proc, out nint addr, int? slot = null)
    {
        addr = NativeLoader.Find(_library, proc);
        return addr != 0;
    }

    /// <summary>Nothing: see <see cref="OpenClApi"/>.</summary>
    public void Dispose()
    {
    }

    private static string? Named() => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } name ? name : null;

    private static string[] Names()
    {
        if (Named() is { } named) return new[] { named };
        if (RuntimeInformation.IsOSPlatform(OSPlatform.Windows)) return new[] { "OpenCL.dll" };
        if (RuntimeInformation.IsOSPlatform(OSPlatform.OSX)) return new[] { "/System/Library/Frameworks/OpenCL.framework/OpenCL" };
        return new[] { "libOpenCL.so.1", "libOpenCL.so" };
    }
}
