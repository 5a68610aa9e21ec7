using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using Cortado.Packaging;
using Cortado.Packaging.Metas;
using Cortado.Packaging.Packing;
using Cortado.Packaging.Staging;

namespace Cortado.Unity.Tests.Package;

/// <summary>The archive that a package manager takes: unpacked, it is the package, whole.</summary>
public sealed class PackageArchiveTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cortado-archive-").FullName;

    [Fact]
    public void Name_is_the_manifests() =>
        Assert.Equal($"com.cortado.unity-{Version()}.tgz", Path.GetFileName(PackageArchive.Write(StagedSet.Repository, _folder)));

    [Fact]
    public void Unpacked_it_is_the_package()
    {
        string package = Unpack();
        string[] packed = Names(package), here = Names(StagedSet.Repository.Plugin);
        Assert.Equal(here, packed);
        Assert.All(packed, name => Assert.Equal(File.ReadAllBytes(Path.Combine(StagedSet.Repository.Plugin, name)), File.ReadAllBytes(Path.Combine(package, name))));
        Assert.DoesNotContain(packed, name => name.Split('/').Any(part => part.StartsWith('.') || part.EndsWith(".tmp", StringComparison.Ordinal) || part is "bin" or "obj"));
    }

    [Fact]
    public void Unpacked_it_lacks_nothing()
    {
        string package = Unpack();
        Assert.All(AssetTree.Entries(package), entry => Assert.True(File.Exists(entry.FullName + ".meta"), entry.FullName));
        using AssemblySet set = AssemblySet.Read(Directory.EnumerateFiles(Path.Combine(package, "Runtime", "Plugins"), "*.dll"), StagedAssemblies.Standard);
        Assert.Equal(StagedSet.Files.Count, set.Assemblies.Count());
        Assert.All(set.Assemblies.Where(Renaming.IsOurs), ours => Assert.True(ours.MainModule.HasSymbols && File.Exists(Path.Combine(package, "Runtime", "Plugins", ours.Name.Name + ".xml")), ours.Name.Name));
        Assert.All(set.Assemblies.SelectMany(a => a.MainModule.AssemblyReferences), reference => Assert.True(reference.Name == "netstandard" || set.Find(reference.Name) is not null));
        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(package, "package.json")));
        Assert.All(manifest.RootElement.GetProperty("samples").EnumerateArray(), sample =>
        {
            // A sample is imported by copying its folder: what refers to its scripts refers to the GUIDs that come along.
            string folder = Path.Combine(package, sample.GetProperty("path").GetString()!);
            Assert.Contains(AssetTree.Entries(folder), entry => entry.Name.EndsWith(".cs", StringComparison.Ordinal));
            Assert.All(AssetTree.Entries(folder), entry => Assert.True(File.Exists(entry.FullName + ".meta"), entry.FullName));
        });
    }

    /// <summary>Package managers take the tar format that npm writes: plain files under package/, no links, nothing above.</summary>
    [Fact]
    public void Only_plain_files_under_package() => Read(entry =>
    {
        Assert.Equal(TarEntryType.RegularFile, entry.EntryType);
        Assert.StartsWith("package/", entry.Name);
        Assert.DoesNotContain("..", entry.Name.Split('/'));
        Assert.DoesNotContain('\\', entry.Name);
    });

    [Fact]
    public void The_same_files_give_the_same_bytes()
    {
        byte[] first = File.ReadAllBytes(PackageArchive.Write(StagedSet.Repository, _folder));
        Assert.Equal(first, File.ReadAllBytes(PackageArchive.Write(StagedSet.Repository, Path.Combine(_folder, "again"))));
    }

    [Fact]
    public void A_missing_assembly_is_refused()
    {
        using var copy = new RepositoryCopy("plugin");
        File.Delete(Path.Combine(copy.Repository.StagedAssemblies, "Cortado.Lmdb.dll"));
        PackagingException refused = Assert.Throws<PackagingException>(() => PackageArchive.Write(copy.Repository, _folder));
        Assert.Contains("plugin/Runtime/Plugins/Cortado.Lmdb.dll is missing", refused.Message);
        Assert.Contains("dotnet build Plugin.sln", refused.Message);
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("Samples~/NameWhatTheCameraSees/README.md")]
    public void A_missing_meta_is_refused(string file)
    {
        using var copy = new RepositoryCopy("plugin");
        File.Delete(Path.Combine(copy.Repository.Plugin, file + ".meta"));
        Assert.Contains($"plugin/{file} has no .meta", Assert.Throws<PackagingException>(() => PackageArchive.Write(copy.Repository, _folder)).Message);
    }

    [Fact]
    public void Another_version_is_refused()
    {
        using var copy = new RepositoryCopy("plugin");
        string manifest = Path.Combine(copy.Repository.Plugin, "package.json");
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace($"\"version\": \"{Version()}\"", "\"version\": \"9.8.7\"", StringComparison.Ordinal));
        Assert.Contains("9.8.7", Assert.Throws<PackagingException>(() => PackageArchive.Write(copy.Repository, _folder)).Message);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Version() => PackageManifest.Read(StagedSet.Repository).Version;

    private string Unpack()
    {
        string target = Path.Combine(_folder, "unpacked");
        Read(entry =>
        {
            string path = Path.Combine(target, entry.Name.Replace('/', Path.DirectorySeparatorChar));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            entry.ExtractToFile(path, overwrite: false);
        });
        return Path.Combine(target, "package");
    }

    private void Read(Action<TarEntry> take)
    {
        using FileStream file = File.OpenRead(PackageArchive.Write(StagedSet.Repository, _folder));
        using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        using var tar = new TarReader(unzipped);
        int count = 0;
        for (; tar.GetNextEntry() is { } entry; count++) take(entry);
        Assert.True(count > 0);
    }

    private static string[] Names(string folder) =>
        PackageArchive.Files(folder).Select(f => Path.GetRelativePath(folder, f).Replace(Path.DirectorySeparatorChar, '/')).ToArray();
}
