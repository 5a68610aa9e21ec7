using System.Runtime.InteropServices;
using System.Text.Json;

namespace Cortado.Tests;

/// <summary>
/// What Caffe computed: the repository's tests/Golden, or the folder in the environment variable CORTADO_GOLDEN. A golden folder may
/// hold only some of the index files; an absent one means that its family has no cases.
/// </summary>
public static class GoldenFolder
{
    private static readonly Dictionary<string, float[]> Binaries = new(StringComparer.Ordinal);

    /// <summary>The folder's full path.</summary>
    public static string Root { get; } = Locate();

    /// <summary>The repository's root: the folder of Plugin.sln above the test assembly.</summary>
    public static string Repository => Above(AppContext.BaseDirectory)
        ?? throw new InvalidOperationException($"No Plugin.sln in {AppContext.BaseDirectory} or any folder above it.");

    /// <summary>The full path of a file or folder in the golden folder; it need not exist.</summary>
    public static string PathOf(string relative) => Path.Combine(Root, relative.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>
    /// The full path of a file in the repository's own golden folder, wherever CORTADO_GOLDEN points: for tests that need some real file and
    /// not every case.
    /// </summary>
    public static string SampleOf(string relative) => Path.Combine(Repository, "tests", "Golden", relative.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>Whether the golden folder has a file or folder.</summary>
    public static bool Has(string relative) => File.Exists(PathOf(relative)) || Directory.Exists(PathOf(relative));

    /// <summary>An index file, or null where the golden folder has none.</summary>
    public static JsonElement? Index(string relative)
    {
        string path = PathOf(relative);
        if (!File.Exists(path)) return null;
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path));
        return document.RootElement.Clone();
    }

    /// <summary>All floats of a little-endian float32 file, read once.</summary>
    public static float[] Floats(string relative)
    {
        lock (Binaries)
        {
            if (Binaries.TryGetValue(relative, out float[]? known)) return known;
            byte[] bytes = File.ReadAllBytes(PathOf(relative));
            if (bytes.Length % sizeof(float) != 0) throw new InvalidDataException($"{relative} has {bytes.Length} bytes; expected a whole number of floats.");
            return Binaries[relative] = MemoryMarshal.Cast<byte, float>(bytes).ToArray();
        }
    }

    private static string Locate()
    {
        string? given = Environment.GetEnvironmentVariable("CORTADO_GOLDEN");
        if (string.IsNullOrEmpty(given)) return Path.Combine(Repository, "tests", "Golden");
        string full = Path.GetFullPath(given, Directory.GetCurrentDirectory());
        if (!Directory.Exists(full) && !Path.IsPathRooted(given))
            // The test host's current folder is its own; a relative path is more likely meant from the repository.
            full = Path.GetFullPath(given, Repository);
        return Directory.Exists(full) ? full : throw new DirectoryNotFoundException($"CORTADO_GOLDEN names '{given}', which is no folder.");
    }

    private static string? Above(string folder)
    {
        for (DirectoryInfo? at = new(folder); at != null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "Plugin.sln"))) return at.FullName;
        return null;
    }
}
