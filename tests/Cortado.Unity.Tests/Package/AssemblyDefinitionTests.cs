using System.Text.Json;
using Cortado.Packaging.Metas;

namespace Cortado.Unity.Tests.Package;

/// <summary>The assembly definitions: their names, what they may refer to, and that it is there.</summary>
public class AssemblyDefinitionTests
{
    private static readonly string[] OfTheEngine = ["UnityEngine.TestRunner", "UnityEditor.TestRunner", "UnityEngine.UI", "Unity.TextMeshPro"];

    public static TheoryData<string> All() => new(Definitions().Select(d => StagedSet.Repository.NameOf(d)));

    [Theory]
    [InlineData("Runtime/Cortado.Unity")]
    [InlineData("Editor/Cortado.Unity.Editor")]
    [InlineData("Tests/Runtime/Cortado.Unity.Tests")]
    [InlineData("Tests/Editor/Cortado.Unity.Editor.Tests")]
    public void The_package_has(string name)
    {
        string file = Path.Combine(StagedSet.Repository.Plugin, name + ".asmdef");
        Assert.Equal(Path.GetFileNameWithoutExtension(file), Read(file).GetProperty("name").GetString());
        Assert.True(Read(file).GetProperty("overrideReferences").GetBoolean());
    }

    [Theory]
    [MemberData(nameof(All))]
    public void References_resolve(string file)
    {
        JsonElement definition = Read(Path.Combine(StagedSet.Repository.Root, file));
        var names = Definitions().ToDictionary(d => Read(d).GetProperty("name").GetString()!, d => "GUID:" + MetaWriter.ReadGuid(d + ".meta"));
        Assert.All(Strings(definition, "references"), reference => Assert.True(names.ContainsKey(reference) || names.ContainsValue(reference) || OfTheEngine.Contains(reference), reference));
        Assert.All(Strings(definition, "precompiledReferences"), reference => Assert.True(
            reference == "nunit.framework.dll" || StagedSet.Files.Any(f => Path.GetFileName(f) == reference), reference));
    }

    [Theory]
    [InlineData("Editor/Cortado.Unity.Editor", true, false)]
    [InlineData("Runtime/Cortado.Unity", false, false)]
    [InlineData("Tests/Runtime/Cortado.Unity.Tests", false, true)]
    [InlineData("Tests/Editor/Cortado.Unity.Editor.Tests", true, true)]
    public void Where_and_when_it_is_compiled(string name, bool editorOnly, bool tests)
    {
        JsonElement definition = Read(Path.Combine(StagedSet.Repository.Plugin, name + ".asmdef"));
        Assert.Equal(editorOnly ? ["Editor"] : [], Strings(definition, "includePlatforms"));
        Assert.Equal(tests ? ["UNITY_INCLUDE_TESTS"] : [], Strings(definition, "defineConstraints"));
        Assert.Equal(!tests, definition.GetProperty("autoReferenced").GetBoolean());
        Assert.Equal(tests, Strings(definition, "precompiledReferences").Contains("nunit.framework.dll"));
    }

    /// <summary>Assemblies that a build leaves out must be missed by no script there: who refers to ours is left out where they are.</summary>
    [Fact]
    public void On_WebGL_there_is_nothing_of_it()
    {
        string[] players = [.. Definitions().Where(file => Strings(Read(file), "includePlatforms").Length == 0)];
        Assert.True(players.Length >= 4, string.Join(", ", players));
        Assert.All(players, file => Assert.Equal(["WebGL"], Strings(Read(file), "excludePlatforms")));
    }

    /// <summary>Two assemblies of one name cannot be compiled.</summary>
    [Fact]
    public void Names_are_unique() => Assert.Distinct(Definitions().Select(d => Read(d).GetProperty("name").GetString()));

    private static IEnumerable<string> Definitions() =>
        StagedSet.Repository.AssetFolders.SelectMany(AssetTree.Entries).Select(e => e.FullName).Where(f => f.EndsWith(".asmdef", StringComparison.Ordinal));

    private static JsonElement Read(string file) => JsonDocument.Parse(File.ReadAllText(file)).RootElement;

    private static string[] Strings(JsonElement definition, string field) =>
        definition.TryGetProperty(field, out JsonElement list) ? list.EnumerateArray().Select(e => e.GetString()!).ToArray() : [];
}
