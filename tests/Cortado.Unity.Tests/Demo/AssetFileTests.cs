using UnityDoubles.Loading;
using UnityDoubles.Yaml;

namespace Cortado.Unity.Tests.Demo;

/// <summary>The project's files are what the engine would have written: a wrong number in them is an empty field or a missing script in the editor.</summary>
public sealed class AssetFileTests
{
    private const int GameObject = 1, Transform = 4, Listener = 81, SceneRoots = 1660057539;

    [Fact]
    public void Every_reference_finds_an_object()
    {
        AssetIndex index = DemoProject.Index();
        var lost = new List<string>();
        int found = 0;
        foreach (AssetFile file in DemoProject.TextAssets())
            foreach (YamlNode reference in file.Objects.SelectMany(o => References(o.Body)))
            {
                if (reference.Long("fileID") == 0) continue;
                found++;
                if (!Exists(index, file, reference)) lost.Add($"{Path.GetFileName(file.Path)}:{reference.Line}: fileID {reference.String("fileID")}, guid {reference.String("guid")}");
            }
        Assert.Empty(lost);
        Assert.True(found > 300);
    }

    [Fact]
    public void Numbers_are_unique_in_a_file_and_parents_and_children_agree()
    {
        foreach (AssetFile file in DemoProject.TextAssets())
        {
            Dictionary<long, AssetObject> all = file.Objects.ToDictionary(o => o.FileId);
            foreach (AssetObject transform in file.Objects.Where(o => o.ClassId == Transform))
            {
                foreach (YamlNode child in transform.Body["m_Children"]!.Items)
                    Assert.Equal(transform.FileId, all[child.Long("fileID")].Body["m_Father"]!.Long("fileID"));
                long father = transform.Body["m_Father"]!.Long("fileID");
                if (father != 0) Assert.Contains(all[father].Body["m_Children"]!.Items, child => child.Long("fileID") == transform.FileId);
            }
            foreach (AssetObject gameObject in file.Objects.Where(o => o.ClassId == GameObject))
            {
                YamlNode[] components = [.. gameObject.Body["m_Component"]!.Items.Select(entry => entry["component"]!)];
                Assert.Equal(Transform, all[components[0].Long("fileID")].ClassId);
                foreach (YamlNode component in components) Assert.Equal(gameObject.FileId, all[component.Long("fileID")].Body["m_GameObject"]!.Long("fileID"));
            }
            int owned = file.Objects.Count(o => o.Body["m_GameObject"] != null);
            Assert.Equal(owned, file.Objects.Where(o => o.ClassId == GameObject).Sum(o => o.Body["m_Component"]!.Items.Count));
        }
    }

    [Fact]
    public void A_scene_lists_its_roots()
    {
        AssetFile scene = AssetFile.Read(DemoProject.Scene);
        IEnumerable<long> fatherless = scene.Objects.Where(o => o.ClassId == Transform && o.Body["m_Father"]!.Long("fileID") == 0).Select(o => o.FileId);
        AssetObject roots = Assert.Single(scene.Objects, o => o.ClassId == SceneRoots);
        Assert.Equal(fatherless.Order(), roots.Body["m_Roots"]!.Items.Select(root => root.Long("fileID")).Order());
    }

    /// <summary>The engine complains in play mode of a scene without one, and of one with two.</summary>
    [Fact]
    public void A_scene_has_one_audio_listener_and_it_is_the_main_cameras()
    {
        AssetFile scene = AssetFile.Read(DemoProject.Scene);
        AssetObject listener = Assert.Single(scene.Objects, o => o.ClassId == Listener);
        AssetObject owner = scene.Objects.Single(o => o.FileId == listener.Body["m_GameObject"]!.Long("fileID"));
        Assert.Equal("MainCamera", owner.Body.String("m_TagString"));
        Assert.Contains(owner.Body["m_Component"]!.Items, entry => entry["component"]!.Long("fileID") == listener.FileId);
        Assert.True(listener.Body.Bool("m_Enabled") && owner.Body.Bool("m_IsActive"));
    }

    [Fact]
    public void Every_asset_has_a_meta_and_every_meta_its_asset()
    {
        List<string> lacking = [.. Directory.EnumerateFileSystemEntries(DemoProject.Assets, "*", SearchOption.AllDirectories)
            .Where(path => !path.EndsWith(".meta", StringComparison.Ordinal) && !File.Exists(path + ".meta"))];
        Assert.Empty(lacking);
        List<string> orphans = [.. Directory.EnumerateFiles(DemoProject.Assets, "*.meta", SearchOption.AllDirectories)
            .Where(meta => !Path.Exists(meta[..^".meta".Length]))];
        Assert.Empty(orphans);
    }

    [Fact]
    public void The_build_has_the_scene_and_the_manifest_the_package()
    {
        AssetFile build = AssetFile.Read(Path.Combine(DemoProject.Folder, "ProjectSettings", "EditorBuildSettings.asset"));
        YamlNode scene = Assert.Single(build.Objects[0].Body["m_Scenes"]!.Items);
        Assert.Equal(Path.GetFullPath(DemoProject.Scene), Path.GetFullPath(Path.Combine(DemoProject.Folder, scene.String("path"))));
        Assert.Equal(Path.GetFullPath(DemoProject.Scene), Path.GetFullPath(DemoProject.Index().PathOf(scene.String("guid"))!));
        using var manifest = System.Text.Json.JsonDocument.Parse(File.ReadAllText(Path.Combine(DemoProject.Folder, "Packages", "manifest.json")));
        string package = manifest.RootElement.GetProperty("dependencies").GetProperty("com.cortado.unity").GetString()!;
        Assert.StartsWith("file:", package, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(DemoProject.Folder, "Packages", package["file:".Length..], "package.json")));
    }

    /// <summary>Weights are large, and a checkout keeps them for ever. Those that a training left here, which git does not take, have an iteration in their name.</summary>
    [Fact]
    public void Committed_weights_are_small() => Assert.InRange(
        new[] { "*.caffemodel", "*.solverstate", "*.cortado", "*.binaryproto" }.SelectMany(pattern => Directory.EnumerateFiles(DemoProject.Folder, pattern, SearchOption.AllDirectories))
            .Where(file => !Path.GetFileName(file).Contains("_iter_", StringComparison.Ordinal) && !Path.GetRelativePath(DemoProject.Folder, file).StartsWith("Trainings", StringComparison.Ordinal))
            .Sum(file => new FileInfo(file).Length),
        0, 5L << 20);

    private static IEnumerable<YamlNode> References(YamlNode node) =>
        node.Kind == YamlKind.Map && node["fileID"] != null ? [node] : node.Items.Concat(node.Fields.Select(field => field.Value)).SelectMany(References);

    private static bool Exists(AssetIndex index, AssetFile file, YamlNode reference)
    {
        long id = reference.Long("fileID");
        string guid = reference.String("guid");
        if (guid.Length == 0) return file.Objects.Any(o => o.FileId == id);
        if (BuiltIn.Exists(guid, id)) return true;
        if (index.PathOf(guid) is not { } path) return false;
        // What an importer makes of a script, a picture, and a file that is an object already.
        return Path.GetExtension(path) switch
        {
            ".cs" => id == 11500000 && reference.Long("type") == 3,
            ".png" => id == 2800000 && reference.Long("type") == 3,
            ".prefab" => reference.Long("type") == 3 && AssetFile.Read(path).Objects.Any(o => o.FileId == id),
            _ => reference.Long("type") == 2 && AssetFile.Read(path).Objects.Any(o => o.FileId == id),
        };
    }
}
