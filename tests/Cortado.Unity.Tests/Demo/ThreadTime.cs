using System.Runtime.InteropServices;

namespace Cortado.Unity.Tests.Demo;

/// <summary>What the calling thread has computed, in nanoseconds: the time in which other programs had its processor is not in it.</summary>
internal static partial class ThreadTime
{
    private const int LinuxThread = 3, MacThread = 16;

    /// <summary>The clock; null where the system has none that is fine enough.</summary>
    public static Func<long>? Clock { get; } = OperatingSystem.IsLinux() ? () => Read(LinuxThread) : OperatingSystem.IsMacOS() ? () => Read(MacThread) : null;

    private static long Read(int clock) => clock_gettime(clock, out Moment now) == 0 ? now.Seconds * 1_000_000_000 + now.Nanoseconds : throw new InvalidOperationException("The thread's clock cannot be read.");

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int clock_gettime(int clock, out Moment now);

    private struct Moment
    {
        public nint Seconds, Nanoseconds;
    }
}
