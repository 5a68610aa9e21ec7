using System.Text.Json;

namespace Cortado.Unity.Tests.Package;

/// <summary>
/// package.json asks for the engine's modules that the scripts use, and for no other: a project may have switched off those that nobody asks for.
/// </summary>
public sealed class ModuleTests
{
    private const string Prefix = "com.unity.modules.";

    [Fact]
    public void The_package_asks_for_what_its_scripts_and_its_sample_use() => Assert.Equal(
        Used("Cortado.Unity", "Cortado.Unity.Editor", "Cortado.Unity.Samples"),
        Asked(Path.Combine(StagedSet.Repository.Plugin, "package.json")));

    [Fact]
    public void The_demo_asks_for_what_its_own_scripts_use() => Assert.Equal(
        Used("SortingGate"),
        Asked(Path.Combine(StagedSet.Repository.Root, "demo-project", "Packages", "manifest.json")));

    private static IEnumerable<string> Asked(string file) =>
        JsonDocument.Parse(File.ReadAllText(file)).RootElement.GetProperty("dependencies").EnumerateObject().Select(d => d.Name).Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Used(params string[] assemblies) =>
        EngineApi.Used(assemblies).Where(name => !name.Contains(':')).Select(NameOf).OfType<string>().Distinct().Select(module => Prefix + module).Order(StringComparer.Ordinal);

    /// <summary>The module's name in a manifest; null for the core, which is always there, and for the editor.</summary>
    private static string? NameOf(string type) => EngineApi.Modules[type] switch
    {
        "UnityEngine.AudioModule" => "audio",
        "UnityEngine.IMGUIModule" => "imgui",
        "UnityEngine.UIElementsModule" => "uielements",
        "UnityEngine.CoreModule" or "UnityEditor.CoreModule" => null,
        var other => throw new Xunit.Sdk.XunitException($"What is {other} called in a manifest? Say it here."),
    };
}
