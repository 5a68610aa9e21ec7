using System.Text.Json;
using Mono.Cecil;

namespace Cortado.Unity.Tests.Package;

/// <summary>
/// package.json asks for the engine's modules that the scripts use, and for no other: a project may have switched off those that nobody asks for. Which module a class is in stands on its page of Unity's
/// scripting reference ("Implemented in").
/// </summary>
public sealed class ModuleTests
{
    private const string Prefix = "com.unity.modules.";

    private static readonly string[] OfTheCore =
    [
        "AddComponentMenu", "Application", "Behaviour", "Camera", "Color", "Color32", "ColorSpace", "Component", "Debug", "FilterMode", "GL", "GameObject", "Graphics", "HelpURLAttribute", "HideFlags",
        "HideInInspector", "Material", "MaterialPropertyBlock", "Mathf", "MinAttribute", "MonoBehaviour", "Object", "PreferBinarySerialization", "QualitySettings", "Quaternion", "Random", "RangeAttribute", "Rect",
        "Renderer", "RenderTexture", "RenderTextureFormat", "RenderTextureReadWrite", "RequireComponent", "Resources", "Screen", "ScriptableObject", "SerializeField", "Shader", "Space", "SystemInfo", "TextAsset",
        "Texture", "Texture2D", "TextureFormat", "Time", "TooltipAttribute", "Transform", "Vector2", "Vector3",
    ];

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
        assemblies.SelectMany(Types).Select(ModuleOf).OfType<string>().Distinct().Select(module => Prefix + module).Order(StringComparer.Ordinal);

    private static TypeReference[] Types(string assembly)
    {
        using ModuleDefinition module = ModuleDefinition.ReadModule(Path.Combine(AppContext.BaseDirectory, assembly + ".dll"));
        TypeReference[] types = [.. module.GetTypeReferences().Where(type => type.Scope.Name == "UnityEngine")];
        Assert.NotEmpty(types);
        return types;
    }

    /// <summary>The module's name in a manifest; null for the core, which is always there.</summary>
    private static string? ModuleOf(TypeReference type)
    {
        while (type.DeclaringType is { } outer) type = outer;
        return (type.Namespace, type.Name) switch
        {
            ("UnityEngine.UIElements", _) => "uielements",
            ("UnityEngine", "GUI" or "GUIContent" or "GUILayout" or "GUILayoutOption" or "GUISkin" or "GUIStyle") => "imgui",
            ("UnityEngine", "AudioClip" or "AudioSource" or "WebCamTexture") => "audio",
            ("UnityEngine", "ImageConversion") => "imageconversion",
            ("Unity.Collections" or "UnityEngine.Events" or "UnityEngine.Experimental.Rendering" or "UnityEngine.Rendering", _) => null,
            ("UnityEngine", var name) when OfTheCore.Contains(name) => null,
            _ => throw new Xunit.Sdk.XunitException($"In which module is {type.FullName}? See its page of the scripting reference, and say it here."),
        };
    }
}
