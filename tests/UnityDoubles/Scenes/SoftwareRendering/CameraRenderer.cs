using System.Numerics;
using System.Runtime.CompilerServices;
using UnityEngine;
using UnityEngine.Rendering;
using Color = UnityEngine.Color;

namespace UnityDoubles.SoftwareRendering;

/// <summary>
/// Draws what a camera of the doubles sees: every enabled MeshRenderer with one of the built-in meshes, directional lights with their shadows, the
/// ambient light, and the Standard and Unlit shaders' colour, texture, smoothness and emission. Colours are taken and written as they are displayed.
/// </summary>
public sealed class CameraRenderer : ICameraRenderer
{
    private static readonly int ColorId = Shader.PropertyToID("_Color"), TextureId = Shader.PropertyToID("_MainTex"), EmissionId = Shader.PropertyToID("_EmissionColor");
    private static readonly System.Numerics.Vector3 SkyAbove = new(0.36f, 0.5f, 0.68f), SkyBelow = new(0.8f, 0.84f, 0.86f);

    private readonly RayCaster _caster = new();
    private readonly ConditionalWeakTable<Texture, TexturePixels> _textures = [];
    private byte[] _rgb = [];

    /// <inheritdoc/>
    public void Render(Camera camera, RenderTexture target)
    {
        Render(camera, target.width, target.height, ref _rgb);
        Span<Color32> pixels = target.Write();
        for (int i = 0; i < pixels.Length; i++) pixels[i] = new Color32(_rgb[3 * i], _rgb[3 * i + 1], _rgb[3 * i + 2], 255);
    }

    /// <summary>Draws into bytes: red, green and blue, rows from the bottom. The array grows where it is too small.</summary>
    public void Render(Camera camera, int width, int height, ref byte[] rgb)
    {
        if (rgb.Length < 3 * width * height) rgb = new byte[3 * width * height];
        _caster.Render(StageOf(camera), ViewOf(camera, (float)width / height), width, height, rgb);
    }

    private Stage StageOf(Camera camera)
    {
        bool sky = camera.clearFlags == CameraClearFlags.Skybox;
        System.Numerics.Vector3 background = From(camera.backgroundColor);
        var stage = new Stage
        {
            Ambient = From(RenderSettings.ambientLight),
            SkyAbove = sky ? SkyAbove : background,
            SkyBelow = sky ? SkyBelow : background,
        };
        foreach (UnityEngine.Object candidate in camera.World.Objects)
        {
            if (candidate is MeshRenderer renderer && IsSeen(renderer, camera)) AddProp(stage, renderer);
            else if (candidate is Light { type: LightType.Directional } light && light.isActiveAndEnabled)
                stage.Lights.Add(new Sunlight(From(light.transform.forward), From(light.color) * light.intensity, light.shadows == LightShadows.None ? 0 : light.shadowStrength));
        }
        return stage;
    }

    private static bool IsSeen(MeshRenderer renderer, Camera camera) =>
        renderer.enabled && !renderer.gameObject.IsPersistent && renderer.gameObject.activeInHierarchy && (camera.cullingMask & (1 << renderer.gameObject.layer)) != 0;

    private void AddProp(Stage stage, MeshRenderer renderer)
    {
        if (renderer.GetComponent<MeshFilter>() is not { sharedMesh: { } mesh } || SolidOf(mesh.name) is not { } solid) return;
        Material material = renderer.sharedMaterial;
        bool lit = material == null || material.shader == null || !material.shader.name.StartsWith("Unlit/", StringComparison.Ordinal);
        var surface = new Surface
        {
            Color = From(renderer.ColorOf(ColorId)),
            Texture = renderer.TextureOf(TextureId) is { } texture ? PixelsOf(texture) : null,
            TextureScale = material == null ? System.Numerics.Vector2.One : new(material.mainTextureScale.x, material.mainTextureScale.y),
            TextureOffset = material == null ? default : new(material.mainTextureOffset.x, material.mainTextureOffset.y),
            Smoothness = material == null ? 0 : material.GetFloat("_Glossiness"),
            Emission = material != null && material.IsKeywordEnabled("_EMISSION") ? From(renderer.ColorOf(EmissionId)) : default,
            Lit = lit,
        };
        stage.Props.Add(new Prop(solid, From(renderer.transform.localToWorldMatrix), surface, renderer.shadowCastingMode != ShadowCastingMode.Off));
    }

    // A picture that is drawn to changes; an imported one does not.
    private TexturePixels PixelsOf(Texture texture) => texture is RenderTexture ? Read(texture) : _textures.GetValue(texture, Read);

    private static TexturePixels Read(Texture texture)
    {
        byte[] stored = texture.Stored;
        var pixels = new System.Numerics.Vector3[texture.width * texture.height];
        for (int i = 0; i < pixels.Length && 4 * i < stored.Length; i++) pixels[i] = new System.Numerics.Vector3(stored[4 * i], stored[4 * i + 1], stored[4 * i + 2]) / 255;
        return new TexturePixels(pixels, texture.width, texture.height);
    }

    private static Solid? SolidOf(string mesh) => mesh switch
    {
        "Sphere" => Solid.Sphere,
        "Cube" => Solid.Cube,
        "Cylinder" => Solid.Cylinder,
        "Quad" => Solid.Quad,
        "Plane" => Solid.Plane,
        _ => null,
    };

    private static Viewpoint ViewOf(Camera camera, float aspect) => new()
    {
        Position = From(camera.transform.position),
        Right = From(camera.transform.right),
        Up = From(camera.transform.up),
        Forward = From(camera.transform.forward),
        HalfHeight = camera.orthographic ? camera.orthographicSize : MathF.Tan(camera.fieldOfView * MathF.PI / 360),
        Aspect = aspect,
        Orthographic = camera.orthographic,
        Near = camera.nearClipPlane,
    };

    private static System.Numerics.Vector3 From(UnityEngine.Vector3 v) => new(v.x, v.y, v.z);

    private static System.Numerics.Vector3 From(Color c) => new(c.r, c.g, c.b);

    // The engine multiplies columns from the left, System.Numerics rows from the right.
    private static System.Numerics.Matrix4x4 From(UnityEngine.Matrix4x4 m) => new(
        m.m00, m.m10, m.m20, m.m30, m.m01, m.m11, m.m21, m.m31, m.m02, m.m12, m.m22, m.m32, m.m03, m.m13, m.m23, m.m33);
}
