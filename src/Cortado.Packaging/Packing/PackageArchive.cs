using System.Formats.Tar;
using System.IO.Compression;
using Cortado.Packaging.Metas;

namespace Cortado.Packaging.Packing;

/// <summary>
/// The package as package managers take it: a gzipped tar whose files lie under package/. The same files give the same bytes: in ordinal order, with one
/// date and no owner.
/// </summary>
internal static class PackageArchive
{
    // A tar without dates does not exist; this is the one that npm writes.
    private static readonly DateTimeOffset Date = new(1985, 10, 26, 8, 15, 0, TimeSpan.Zero);

    /// <summary>Writes the archive.</summary>
    /// <returns>The file, artifacts/NAME-VERSION.tgz.</returns>
    /// <exception cref="PackagingException">The package is not whole.</exception>
    public static string Write(Repository repository, string folder)
    {
        PackageManifest manifest = PackageManifest.Read(repository);
        RefuseIncomplete(repository);
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, $"{manifest.Name}-{manifest.Version}.tgz");
        string temporary = path + ".tmp";
        using (FileStream file = File.Create(temporary))
        using (var compressed = new GZipStream(file, CompressionLevel.SmallestSize))
        using (var tar = new TarWriter(compressed, TarEntryFormat.Ustar))
        {
            foreach (string source in Files(repository.Plugin)) Add(tar, source, "package/" + Path.GetRelativePath(repository.Plugin, source).Replace(Path.DirectorySeparatorChar, '/'));
        }
        File.Move(temporary, path, overwrite: true);
        return path;
    }

    /// <summary>The files of a package in ordinal order: everything that is not hidden or temporary, folders with a tilde included.</summary>
    public static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(f => Path.GetRelativePath(folder, f).Split(Path.DirectorySeparatorChar).All(part => AssetTree.IsImported(part.TrimEnd('~'))))
            .OrderBy(f => Path.GetRelativePath(folder, f).Replace(Path.DirectorySeparatorChar, '/'), StringComparer.Ordinal);

    private static void Add(TarWriter tar, string source, string name)
    {
        using FileStream content = File.OpenRead(source);
        tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name)
        {
            DataStream = content,
            ModificationTime = Date,
            Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
        });
    }

    private static void RefuseIncomplete(Repository repository)
    {
        foreach (string meta in repository.PackageFolders.SelectMany(AssetTree.Metas))
        {
            string asset = meta[..^".meta".Length];
            if (!File.Exists(asset) && !Directory.Exists(asset))
                throw new PackagingException($"{repository.NameOf(asset)} is missing, but its .meta is there. Build first: dotnet build Plugin.sln");
        }
        foreach (FileSystemInfo entry in repository.PackageFolders.SelectMany(AssetTree.Entries))
        {
            if (!File.Exists(entry.FullName + ".meta"))
                throw new PackagingException($"{repository.NameOf(entry.FullName)} has no .meta. Make it first: dotnet run --project src/Cortado.Packaging -- metas");
        }
    }
}
