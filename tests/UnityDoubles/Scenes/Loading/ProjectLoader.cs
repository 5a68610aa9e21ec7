using StbImageSharp;
using UnityDoubles.Yaml;
using UnityEngine;
using Object = UnityEngine.Object;

namespace UnityDoubles.Loading;

/// <summary>
/// Loads a project's assets and scenes from its files into a player loop's objects, as the engine does: scripts by their .meta files' GUIDs, fields by their
/// names, Awake and OnEnable when everything is there.
/// </summary>
public sealed class ProjectLoader
{
    private readonly AssetIndex _index;
    private readonly Dictionary<string, Type> _scripts;
    private readonly Dictionary<string, LoadedFile> _files = [];
    private readonly Dictionary<string, Object> _pictures = [];

    /// <summary>Prepares to load.</summary>
    /// <param name="index">The project's files.</param>
    /// <param name="scripts">The classes that scripts may be; a script's class is named as its file.</param>
    public ProjectLoader(AssetIndex index, IEnumerable<Type> scripts)
    {
        _index = index;
        _scripts = scripts.ToDictionary(type => type.Name);
    }

    /// <summary>Loads a scene; its scripts are awake when this returns, and start in the next frame.</summary>
    /// <exception cref="FormatException">A file is not as the engine writes it, or refers to something that is not there.</exception>
    public void LoadScene(string path)
    {
        LoadedFile scene = new(this, AssetFile.Read(path), isAsset: false);
        scene.Awaken();
    }

    /// <summary>Loads an asset's main object.</summary>
    public T Load<T>(string path) where T : Object => (T)Asset(path, 0);

    internal Type ScriptOf(string guid)
    {
        string path = _index.PathOf(guid) ?? throw new FormatException($"There is no script with the GUID {guid}.");
        return _scripts.TryGetValue(Path.GetFileNameWithoutExtension(path), out Type? script) ? script : throw new FormatException($"{path}: no class of that name is compiled.");
    }

    internal Object? Resolve(YamlNode reference)
    {
        string guid = reference.String("guid");
        long id = reference.Long("fileID");
        if (guid is BuiltIn.DefaultResources or BuiltIn.Extra) return BuiltIn.Load(guid, id);
        return _index.PathOf(guid) is { } path ? Asset(path, id) : null;
    }

    private Object Asset(string path, long id) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".png" => Picture(path),
        _ => File(path).Find(id),
    };

    private LoadedFile File(string path)
    {
        string full = Path.GetFullPath(path);
        if (!_files.TryGetValue(full, out LoadedFile? file)) _files.Add(full, file = new LoadedFile(this, AssetFile.Read(full), isAsset: true));
        return file;
    }

    private Object Picture(string path)
    {
        string full = Path.GetFullPath(path);
        if (_pictures.TryGetValue(full, out Object? loaded)) return loaded;
        ImageResult image = ImageResult.FromMemory(System.IO.File.ReadAllBytes(full), ColorComponents.RedGreenBlueAlpha);
        var pixels = new Color32[image.Width * image.Height];
        for (int i = 0; i < pixels.Length; i++)
        {
            // A file's rows go down, a texture's up.
            int from = 4 * ((image.Height - 1 - i / image.Width) * image.Width + i % image.Width);
            pixels[i] = new Color32(image.Data[from], image.Data[from + 1], image.Data[from + 2], image.Data[from + 3]);
        }
        var texture = new Texture2D(image.Width, image.Height) { name = Path.GetFileNameWithoutExtension(path), wrapMode = TextureWrapMode.Repeat, IsPersistent = true };
        texture.SetPixels32(pixels);
        texture.Apply(true, true);
        _pictures.Add(full, texture);
        return texture;
    }
}
