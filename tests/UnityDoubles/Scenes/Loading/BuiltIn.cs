using UnityEngine;

namespace UnityDoubles.Loading;

/// <summary>The engine's own assets that files refer to by number: meshes of <c>Library/unity default resources</c>, and shaders and materials of <c>Resources/unity_builtin_extra</c>.</summary>
public static class BuiltIn
{
    public const string DefaultResources = "0000000000000000e000000000000000", Extra = "0000000000000000f000000000000000";

    private static readonly Dictionary<long, PrimitiveType> Meshes = new()
    {
        [10202] = PrimitiveType.Cube,
        [10206] = PrimitiveType.Cylinder,
        [10207] = PrimitiveType.Sphere,
        [10208] = PrimitiveType.Capsule,
        [10209] = PrimitiveType.Plane,
        [10210] = PrimitiveType.Quad,
    };

    private static readonly Dictionary<long, string> Shaders = new()
    {
        [46] = "Standard",
        [10750] = "Unlit/Transparent",
        [10752] = "Unlit/Texture",
        [10755] = "Unlit/Color",
    };

    // What ProjectSettings/GraphicsSettings.asset names in a project as the engine makes it.
    private static readonly HashSet<long> SettingsShaders = [7, 62, 64, 69, 74, 75, 102, 105, 10753, 10754, 10770, 10783, 15104, 15105, 15106];

    private const long DefaultMaterial = 10303, DefaultSkybox = 10304, SpotCookie = 10001;

    /// <summary>Whether the engine has an asset of that number.</summary>
    public static bool Exists(string guid, long id) => guid switch
    {
        DefaultResources => Meshes.ContainsKey(id) || id == SpotCookie,
        Extra => Shaders.ContainsKey(id) || SettingsShaders.Contains(id) || id is DefaultMaterial or DefaultSkybox,
        _ => false,
    };

    internal static UnityEngine.Object? Load(string guid, long id) => guid switch
    {
        DefaultResources when Meshes.TryGetValue(id, out PrimitiveType shape) => Primitives.MeshOf(shape),
        Extra when Shaders.TryGetValue(id, out string? shader) => Shader.Find(shader),
        Extra when id == DefaultMaterial => Primitives.Material(),
        _ => null,
    };
}
