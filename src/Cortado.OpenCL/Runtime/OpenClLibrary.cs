using System.Runtime.InteropServices;
using Silk.NET.Core.Contexts;

namespace Cortado.OpenCL.Runtime;

/// <summary>
/// The OpenCL loader of this machine, opened by the names that systems give it. It is loaded here and not by the binding, whose own search goes
/// through package folders that a game does not have.
/// </summary>
internal sealed class OpenClLibrary : INativeContext
{
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
        throw new DllNotFoundException($"there is no {string.Join(" or ", names)}");
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

    private static string[] Names()
    {
        if (RuntimeInformation.IsOSPlatform(OSPlatform.Windows)) return new[] { "OpenCL.dll" };
        if (RuntimeInformation.IsOSPlatform(OSPlatform.OSX)) return new[] { "/System/Library/Frameworks/OpenCL.framework/OpenCL" };
        return new[] { "libOpenCL.so.1", "libOpenCL.so" };
    }
}
