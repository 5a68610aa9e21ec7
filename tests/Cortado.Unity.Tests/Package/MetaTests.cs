using System.Text.RegularExpressions;
using Cortado.Packaging;
using Cortado.Packaging.Metas;

namespace Cortado.Unity.Tests.Package;

/// <summary>Every file and folder that the engine imports has its .meta, with a GUID of its own that never changes.</summary>
public partial class MetaTests
{
    private static Repository Repository => StagedSet.Repository;

    [Fact]
    public void Every_asset_has_one()
    {
        IEnumerable<string> without = Repository.AssetFolders.SelectMany(AssetTree.Entries).Where(e => !File.Exists(e.FullName + ".meta")).Select(e => Repository.NameOf(e.FullName));
        Assert.True(!without.Any(), $"Without .meta: {string.Join(", ", without)}. To make them: dotnet run --project src/Cortado.Packaging -- metas");
    }

    [Fact]
    public void Every_one_has_its_asset() => Assert.All(Metas(), meta =>
    {
        string asset = meta[..^".meta".Length];
        Assert.True(File.Exists(asset) || Directory.Exists(asset), $"{Repository.NameOf(meta)} is left over");
        Assert.Equal(Directory.Exists(asset), File.ReadAllText(meta).Contains("folderAsset: yes", StringComparison.Ordinal));
    });

    [Fact]
    public void Guids_are_unique()
    {
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        Assert.All(Metas(), meta =>
        {
            string guid = MetaWriter.ReadGuid(meta);
            Assert.Matches("^[0-9a-f]{32}$", guid);
            Assert.True(seen.TryAdd(guid, meta), $"{meta} has the GUID of {seen[guid]}");
        });
    }

    [Fact]
    public void Nothing_is_made_twice()
    {
        using var copy = new RepositoryCopy("plugin");
        MetaWriter.CreateMissing(copy.Repository);
        Assert.Empty(MetaWriter.CreateMissing(copy.Repository));
    }

    [Fact]
    public void An_existing_one_is_never_changed_and_a_new_one_is_the_same_for_everybody()
    {
        string[] guids = new string[2];
        for (int i = 0; i < guids.Length; i++)
        {
            using var copy = new RepositoryCopy("plugin/Runtime");
            string known = Path.Combine(copy.Repository.Plugin, "Runtime", "Known.cs"), added = Path.Combine(copy.Repository.Plugin, "Runtime", "Added.cs");
            File.WriteAllText(known, "");
            File.WriteAllText(known + ".meta", "fileFormatVersion: 2\nguid: 00112233445566778899aabbccddeeff\nsettings of somebody's own\n");
            File.WriteAllText(added, "");
            IReadOnlyList<string> created = MetaWriter.CreateMissing(copy.Repository);
            Assert.Contains("plugin/Runtime/Added.cs.meta", created);
            Assert.DoesNotContain("plugin/Runtime/Known.cs.meta", created);
            Assert.Equal("fileFormatVersion: 2\nguid: 00112233445566778899aabbccddeeff\nsettings of somebody's own\n", File.ReadAllText(known + ".meta"));
            guids[i] = MetaWriter.ReadGuid(added + ".meta");
        }
        Assert.Equal(guids[0], guids[1]);
    }

    [Theory]
    [InlineData(".cs", "MonoImporter")]
    [InlineData(".asmdef", "AssemblyDefinitionImporter")]
    [InlineData(".dll", "PluginImporter")]
    [InlineData(".xml", "TextScriptImporter")]
    [InlineData(".pdb", "DefaultImporter")]
    [InlineData(".uxml", "ScriptedImporter")]
    [InlineData(".uss", "ScriptedImporter")]
    [InlineData(".md", "TextScriptImporter")]
    [InlineData(".mat", "NativeFormatImporter")]
    [InlineData(".prefab", "PrefabImporter")]
    [InlineData(".unity", "DefaultImporter")]
    [InlineData(".png", "TextureImporter")]
    public void The_engines_importer(string extension, string importer) => Assert.All(
        Metas().Where(m => Path.GetExtension(m[..^".meta".Length]) == extension),
        meta => Assert.Contains($"\n{importer}:\n", File.ReadAllText(meta)));

    /// <summary>An asset whose importer is the package's own names that importer's script.</summary>
    [Fact]
    public void Our_importers() => Assert.All(Metas(), meta =>
    {
        Match script = ImporterScript().Match(File.ReadAllText(meta));
        if (script.Success) Assert.Contains(Metas(), m => m.EndsWith(".cs.meta", StringComparison.Ordinal) && MetaWriter.ReadGuid(m) == script.Groups[1].Value);
    });

    /// <summary>The committed .meta files say which assemblies are staged, and for whom.</summary>
    [Fact]
    public void Assemblies()
    {
        string[] metas = Metas().Where(m => m.EndsWith(".dll.meta", StringComparison.Ordinal)).ToArray();
        Assert.Equal(StagedSet.Files.Select(Path.GetFileName), metas.Select(m => Path.GetFileNameWithoutExtension(m)).Order(StringComparer.Ordinal));
        Assert.All(metas, meta =>
        {
            string text = File.ReadAllText(meta);
            Assert.Contains("  - first:\n      Any: \n    second:\n      enabled: 1\n", text);
            // No threads and no disk there.
            Assert.Equal(["WebGL"], Excluded().Matches(text).Select(m => m.Groups[1].Value));
            Assert.Contains("  - first:\n      WebGL: WebGL\n    second:\n      enabled: 0\n", text);
            Assert.Equal(PluginSettings.For(Path.GetFileNameWithoutExtension(meta)), text[text.IndexOf("PluginImporter:", StringComparison.Ordinal)..]);
            // A project's own scripts see our assemblies, and third-party ones only when asked for: their namespaces may be there twice.
            Assert.Contains($"isExplicitlyReferenced: {(meta.Contains("ThirdParty", StringComparison.Ordinal) ? 1 : 0)}\n", text);
        });
    }

    private static IEnumerable<string> Metas() => Repository.AssetFolders.SelectMany(AssetTree.Metas);

    [GeneratedRegex("Exclude (\\w+): 1\n")]
    private static partial Regex Excluded();

    [GeneratedRegex("script: {fileID: 11500000, guid: ([0-9a-f]{32})")]
    private static partial Regex ImporterScript();
}
