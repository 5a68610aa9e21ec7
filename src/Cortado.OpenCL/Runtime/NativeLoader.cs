using System.Runtime.InteropServices;

namespace Cortado.OpenCL.Runtime;

/// <summary>Opens native libraries: the framework's own way where it has one, the system's calls where it has none (.NET Standard 2.1).</summary>
internal static class NativeLoader
{
#if NET
    /// <summary>A library's handle; 0 where there is no such library, or none for this processor.</summary>
    public static nint Open(string name) => NativeLibrary.TryLoad(name, out nint library) ? library : 0;

    /// <summary>The address of an entry point; 0 where there is none.</summary>
    public static nint Find(nint library, string entryPoint) => NativeLibrary.TryGetExport(library, entryPoint, out nint address) ? address : 0;
#else
    private const int ResolveNow = 2;

    /// <summary>A library's handle; 0 where there is no such library, or none for this processor.</summary>
    public static nint Open(string name) => RuntimeInformation.IsOSPlatform(OSPlatform.Windows)
        ? LoadLibrary(name)
        : Posix(() => OpenIn2(name, ResolveNow), () => OpenInDl(name, ResolveNow), () => OpenInC(name, ResolveNow));

    /// <summary>The address of an entry point; 0 where there is none.</summary>
    public static nint Find(nint library, string entryPoint) => RuntimeInformation.IsOSPlatform(OSPlatform.Windows)
        ? FindInLibrary(library, entryPoint)
        : Posix(() => FindIn2(library, entryPoint), () => FindInDl(library, entryPoint), () => FindInC(library, entryPoint));

    /// <summary>The same call, by the names of the library that has it: glibc's own, that of Android and macOS, and the C library that has taken it in.</summary>
    private static nint Posix(params Func<nint>[] calls)
    {
        foreach (Func<nint> call in calls)
        {
            try
            {
                return call();
            }
            catch (Exception failure) when (failure is DllNotFoundException or EntryPointNotFoundException)
            {
                // Not under this name here.
            }
        }
        return 0;
    }

    [DllImport("kernel32", EntryPoint = "LoadLibraryW", CharSet = CharSet.Unicode, ExactSpelling = true)]
    private static extern nint LoadLibrary(string name);

    [DllImport("kernel32", EntryPoint = "GetProcAddress", CharSet = CharSet.Ansi, ExactSpelling = true)]
    private static extern nint FindInLibrary(nint library, string entryPoint);

    [DllImport("libdl.so.2", EntryPoint = "dlopen", CharSet = CharSet.Ansi)]
    private static extern nint OpenIn2(string name, int mode);

    [DllImport("libdl.so.2", EntryPoint = "dlsym", CharSet = CharSet.Ansi)]
    private static extern nint FindIn2(nint library, string entryPoint);

    [DllImport("dl", EntryPoint = "dlopen", CharSet = CharSet.Ansi)]
    private static extern nint OpenInDl(string name, int mode);

    [DllImport("dl", EntryPoint = "dlsym", CharSet = CharSet.Ansi)]
    private static extern nint FindInDl(nint library, string entryPoint);

    [DllImport("libc", EntryPoint = "dlopen", CharSet = CharSet.Ansi)]
    private static extern nint OpenInC(string name, int mode);

    [DllImport("libc", EntryPoint = "dlsym", CharSet = CharSet.Ansi)]
    private static extern nint FindInC(nint library, string entryPoint);
#endif
}
