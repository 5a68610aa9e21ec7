using System.Diagnostics;

namespace Cortado.Unity.Tests.Package;

/// <summary>Programs that this machine may have.</summary>
internal static class Installed
{
    /// <summary>The host that runs these tests, or else the one on the path.</summary>
    public static string Dotnet =>
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : Find("dotnet") ?? Environment.ProcessPath!;

    /// <summary>A program's full path, or null where it is not on the path.</summary>
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .SelectMany(folder => new[] { name, name + ".exe" }.Select(file => Path.Combine(folder, file)))
        .FirstOrDefault(File.Exists);
}
