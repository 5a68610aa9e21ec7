using Cortado.Demo;
using UnityDoubles;
using UnityDoubles.Loading;
using UnityDoubles.SoftwareRendering;
using UnityDoubles.Yaml;

namespace Cortado.Unity.Tests.Demo;

/// <summary>The demo project's files, as they lie in the repository.</summary>
internal static class DemoProject
{
    /// <summary>The repository.</summary>
    public static string Root { get; } = FindRoot();

    public static string Folder { get; } = Path.Combine(Root, "demo-project");

    public static string Assets { get; } = Path.Combine(Folder, "Assets");

    public static string Package { get; } = Path.Combine(Root, "plugin");

    public static string Scene { get; } = Path.Combine(Assets, "Scenes", "SortingGate.unity");

    /// <summary>Which file has which GUID, the package's among them.</summary>
    public static AssetIndex Index() => new(Assets, Package);

    /// <summary>The project's text assets and settings.</summary>
    public static IEnumerable<AssetFile> TextAssets() =>
        new[] { "*.unity", "*.prefab", "*.mat", "*.renderTexture", "*.asset" }
            .SelectMany(pattern => Directory.EnumerateFiles(Assets, pattern, SearchOption.AllDirectories).Concat(Directory.EnumerateFiles(Path.Combine(Folder, "ProjectSettings"), pattern)))
            .Select(AssetFile.Read);

    /// <summary>Every class that a script of the demo or of the package may be.</summary>
    public static IEnumerable<Type> Scripts() => new[] { typeof(Belt), typeof(ImageClassifier) }
        .SelectMany(type => type.Assembly.GetTypes()).Where(type => typeof(UnityEngine.Object).IsAssignableFrom(type));

    /// <summary>Loads the scene into a player loop.</summary>
    public static void Play(PlayerLoop loop)
    {
        loop.Gpu.ColorSpace = UnityEngine.ColorSpace.Gamma;
        loop.Gpu.Renderer = new CameraRenderer();
        new ProjectLoader(Index(), Scripts()).LoadScene(Scene);
    }

    private static string FindRoot()
    {
        string? at = AppContext.BaseDirectory;
        while (at != null && !File.Exists(Path.Combine(at, "Plugin.sln"))) at = Path.GetDirectoryName(at);
        return at ?? throw new InvalidOperationException("The tests do not lie in the repository.");
    }
}
