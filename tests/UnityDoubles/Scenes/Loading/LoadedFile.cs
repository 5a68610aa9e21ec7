using UnityDoubles.Yaml;
using UnityEngine;
using UnityEngine.Rendering;
using Object = UnityEngine.Object;

namespace UnityDoubles.Loading;

/// <summary>The objects of one scene, prefab, material or other text asset.</summary>
internal sealed class LoadedFile
{
    private const int GameObjectId = 1, TransformId = 4, RenderSettingsId = 104, ScriptId = 114;

    private readonly ProjectLoader _loader;
    private readonly Dictionary<long, Object> _objects = [];
    private readonly List<Component> _scripts = [];
    private readonly Object? _main;

    public LoadedFile(ProjectLoader loader, AssetFile file, bool isAsset)
    {
        _loader = loader;
        try
        {
            Dictionary<long, AssetObject> all = file.Objects.ToDictionary(o => o.FileId);
            foreach (AssetObject o in file.Objects.Where(o => o.ClassId == GameObjectId)) CreateGameObject(o, all, isAsset);
            foreach (AssetObject o in file.Objects.Where(o => o.ClassId == TransformId)) PlaceChildren(o);
            foreach (AssetObject o in file.Objects) ReadObject(o);
            foreach (Object made in _objects.Values) made.IsPersistent = isAsset;
        }
        catch (FormatException error)
        {
            throw new FormatException($"{file.Path}: {error.Message}", error);
        }
        _main = file.Objects.Select(o => _objects.GetValueOrDefault(o.FileId)).FirstOrDefault(o => o != null);
    }

    /// <summary>An object by its number; 0 is the file's main object.</summary>
    public Object Find(long id) => id == 0 && _main != null ? _main : _objects.GetValueOrDefault(id) ?? throw new FormatException($"There is no object {id}.");

    /// <summary>Begins the life of the scene's scripts.</summary>
    public void Awaken()
    {
        foreach (Component script in _scripts) script.World.Awaken(script);
    }

    private void CreateGameObject(AssetObject o, Dictionary<long, AssetObject> all, bool isAsset)
    {
        var made = new GameObject(o.Body.String("m_Name")) { layer = (int)o.Body.Long("m_Layer"), tag = o.Body.String("m_TagString"), IsPersistent = isAsset };
        if (!o.Body.Bool("m_IsActive", true)) made.SetActive(false);
        _objects.Add(o.FileId, made);
        foreach (YamlNode entry in o.Body["m_Component"]!.Items)
        {
            AssetObject component = all[entry["component"]!.Long("fileID")];
            if (component.ClassId == TransformId) _objects.Add(component.FileId, made.transform);
            else if (TypeOf(component) is { } type)
            {
                Component added = made.AddWithoutAwake(type);
                _objects.Add(component.FileId, added);
                if (component.ClassId == ScriptId) _scripts.Add(added);
            }
        }
    }

    private Type? TypeOf(AssetObject o) => o.ClassId switch
    {
        20 => typeof(Camera),
        23 => typeof(MeshRenderer),
        33 => typeof(MeshFilter),
        108 => typeof(Light),
        ScriptId => _loader.ScriptOf(o.Body["m_Script"]!.String("guid")),
        // The engine draws no halo and listens to nothing here.
        81 or 124 => null,
        _ => throw new FormatException($"line {o.Body.Line}: the loader knows no component of class {o.ClassId}, {o.ClassName}."),
    };

    private void PlaceChildren(AssetObject o)
    {
        var transform = (Transform)_objects[o.FileId];
        foreach (YamlNode child in o.Body["m_Children"]!.Items) ((Transform)_objects[child.Long("fileID")]).SetParent(transform, false);
        transform.localPosition = Vector(o.Body["m_LocalPosition"]!);
        transform.localScale = Vector(o.Body["m_LocalScale"]!);
        YamlNode q = o.Body["m_LocalRotation"]!;
        transform.localRotation = new Quaternion(q.Float("x"), q.Float("y"), q.Float("z"), q.Float("w"));
    }

    private void ReadObject(AssetObject o)
    {
        YamlNode body = o.Body;
        switch (o.ClassId)
        {
            case 21: _objects.Add(o.FileId, MaterialReader.Read(body, Resolve)); break;
            case 84: _objects.Add(o.FileId, Target(body)); break;
            case RenderSettingsId:
                RenderSettings.ambientMode = (AmbientMode)body.Long("m_AmbientMode");
                RenderSettings.ambientLight = MaterialReader.ColorOf(body["m_AmbientSkyColor"]!);
                break;
            case ScriptId: ReadScript(o); break;
            case 20: ReadCamera((Camera)_objects[o.FileId], body); break;
            case 23: ReadRenderer((MeshRenderer)_objects[o.FileId], body); break;
            case 33: ((MeshFilter)_objects[o.FileId]).sharedMesh = (Mesh?)Resolve(body["m_Mesh"]!); break;
            case 108: ReadLight((Light)_objects[o.FileId], body); break;
        }
    }

    private void ReadScript(AssetObject o)
    {
        if (!_objects.TryGetValue(o.FileId, out Object? script)) _objects.Add(o.FileId, script = ScriptableObject.CreateInstance(_loader.ScriptOf(o.Body["m_Script"]!.String("guid"))));
        if (script is Behaviour behaviour) behaviour.enabled = o.Body.Bool("m_Enabled", true);
        else script.name = o.Body.String("m_Name");
        new FieldReader(Resolve).ReadInto(script, o.Body);
    }

    private void ReadCamera(Camera camera, YamlNode body)
    {
        camera.enabled = body.Bool("m_Enabled", true);
        camera.clearFlags = (CameraClearFlags)body.Long("m_ClearFlags");
        camera.backgroundColor = MaterialReader.ColorOf(body["m_BackGroundColor"]!);
        (camera.nearClipPlane, camera.farClipPlane) = (body.Float("near clip plane"), body.Float("far clip plane"));
        (camera.fieldOfView, camera.orthographic, camera.orthographicSize) = (body.Float("field of view"), body.Bool("orthographic"), body.Float("orthographic size"));
        camera.depth = body.Float("m_Depth");
        camera.cullingMask = (int)(uint)body["m_CullingMask"]!.Long("m_Bits");
        camera.targetTexture = (RenderTexture?)Resolve(body["m_TargetTexture"]!);
    }

    private void ReadRenderer(MeshRenderer renderer, YamlNode body)
    {
        renderer.enabled = body.Bool("m_Enabled", true);
        renderer.shadowCastingMode = (ShadowCastingMode)body.Long("m_CastShadows", 1);
        renderer.sharedMaterials = [.. body["m_Materials"]!.Items.Select(reference => (Material)Resolve(reference)!)];
    }

    private static void ReadLight(Light light, YamlNode body)
    {
        light.enabled = body.Bool("m_Enabled", true);
        light.type = (LightType)body.Long("m_Type");
        light.color = MaterialReader.ColorOf(body["m_Color"]!);
        light.intensity = body.Float("m_Intensity");
        light.shadows = (LightShadows)body["m_Shadows"]!.Long("m_Type");
        light.shadowStrength = body["m_Shadows"]!.Float("m_Strength");
    }

    private static RenderTexture Target(YamlNode body) =>
        new((int)body.Long("m_Width"), (int)body.Long("m_Height"), 24) { name = body.String("m_Name") };

    private Object? Resolve(YamlNode reference)
    {
        if (reference.Long("fileID") == 0) return null;
        return reference["guid"] == null ? Find(reference.Long("fileID")) : _loader.Resolve(reference);
    }

    private static Vector3 Vector(YamlNode node) => new(node.Float("x"), node.Float("y"), node.Float("z"));
}
