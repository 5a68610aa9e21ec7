using System.Security.Cryptography;
using System.Text;

namespace Cortado.Packaging.Metas;

/// <summary>Creates .meta files where they are missing.</summary>
internal static class MetaWriter
{
    /// <summary>
    /// Gives every imported file and folder that lacks one its .meta. An existing one is never touched: its GUID is what scenes and
    /// other people's projects refer to.
    /// </summary>
    /// <returns>The created files, from the root.</returns>
    public static IReadOnlyList<string> CreateMissing(Repository repository)
    {
        var created = new List<string>();
        var importers = new ImporterSettings(repository);
        // Scripts first: an asset with an importer of ours names that script's GUID.
        IEnumerable<FileSystemInfo> entries = repository.AssetFolders.SelectMany(AssetTree.Entries)
            .OrderBy(e => !e.Name.EndsWith(".cs", StringComparison.Ordinal));
        foreach (FileSystemInfo entry in entries)
        {
            string meta = entry.FullName + ".meta";
            if (File.Exists(meta)) continue;
            string settings = entry is DirectoryInfo ? ImporterSettings.Folder : importers.For(entry.FullName);
            File.WriteAllText(meta, $"fileFormatVersion: 2\nguid: {GuidFor(repository.NameOf(entry.FullName))}\n{settings}");
            created.Add(repository.NameOf(meta));
        }
        return created;
    }

    /// <summary>The GUID that a new asset gets: from its path, so that two people who add the same file give it the same one.</summary>
    public static string GuidFor(string name) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("cortado:" + name)).AsSpan(0, 16));

    /// <summary>The GUID in a .meta file.</summary>
    public static string ReadGuid(string meta) =>
        File.ReadLines(meta).FirstOrDefault(line => line.StartsWith("guid: ", StringComparison.Ordinal))?[6..].Trim()
        ?? throw new PackagingException($"{meta}: has no line 'guid: ...'. Delete it and run the command metas.");
}
