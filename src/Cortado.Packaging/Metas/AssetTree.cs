namespace Cortado.Packaging.Metas;

/// <summary>The files and folders below an asset folder that the engine imports.</summary>
internal static class AssetTree
{
    /// <summary>Everything imported below a folder, folders before what they hold, in ordinal order; .meta files themselves are not.</summary>
    public static IEnumerable<FileSystemInfo> Entries(string folder)
    {
        foreach (FileSystemInfo entry in new DirectoryInfo(folder).EnumerateFileSystemInfos().OrderBy(e => e.Name, StringComparer.Ordinal))
        {
            if (!IsImported(entry.Name) || IsMeta(entry.Name)) continue;
            yield return entry;
            if (entry is not DirectoryInfo) continue;
            foreach (FileSystemInfo inner in Entries(entry.FullName)) yield return inner;
        }
    }

    /// <summary>All .meta files below a folder, in ordinal order.</summary>
    public static IEnumerable<string> Metas(string folder)
    {
        foreach (FileSystemInfo entry in new DirectoryInfo(folder).EnumerateFileSystemInfos().OrderBy(e => e.Name, StringComparer.Ordinal))
        {
            if (!IsImported(entry.Name)) continue;
            if (entry is DirectoryInfo)
            {
                foreach (string inner in Metas(entry.FullName)) yield return inner;
            }
            else if (IsMeta(entry.Name))
            {
                yield return entry.FullName;
            }
        }
    }

    /// <summary>The engine passes over hidden entries, those that end in a tilde, temporary files and folders of version control.</summary>
    public static bool IsImported(string name) =>
        !name.StartsWith('.') && !name.EndsWith('~') && !name.EndsWith(".tmp", StringComparison.OrdinalIgnoreCase)
        && !name.Equals("cvs", StringComparison.OrdinalIgnoreCase);

    private static bool IsMeta(string name) => name.EndsWith(".meta", StringComparison.OrdinalIgnoreCase);
}
