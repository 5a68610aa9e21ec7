namespace Cortado.Tests.FileFormats;

/// <summary>The files that Caffe wrote.</summary>
internal static class GoldenFiles
{
    public static string Root { get; } = FindRoot();

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>Paths relative to the golden folder of all files with an extension, for theories; the names of the tests say what and which.</summary>
    public static IEnumerable<TheoryDataRow<string>> All(string extension, string what) =>
        Directory.EnumerateFiles(Root, "*" + extension, SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Root, f).Replace('\\', '/'))
            .Order(StringComparer.Ordinal)
            .Select(f => new TheoryDataRow<string>(f) { TestDisplayName = $"{what}: {f}" });

    private static string FindRoot()
    {
        string? given = Environment.GetEnvironmentVariable("CORTADO_GOLDEN");
        if (!string.IsNullOrEmpty(given))
        {
            return Path.GetFullPath(given);
        }

        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string golden = Path.Combine(folder.FullName, "tests", "Golden");
            if (Directory.Exists(golden))
            {
                return golden;
            }
        }

        throw new DirectoryNotFoundException("tests/Golden");
    }
}
