using UnityDoubles.Yaml;

namespace UnityDoubles.Loading;

/// <summary>Which file has which GUID, from the .meta files of a project's assets and of the packages that it uses.</summary>
public sealed class AssetIndex
{
    private readonly Dictionary<string, string> _paths = [];

    /// <summary>Reads all .meta files below folders, but those in hidden folders and folders that end in a tilde.</summary>
    /// <exception cref="FormatException">Two files have the same GUID.</exception>
    public AssetIndex(params string[] roots)
    {
        foreach (string root in roots) Add(new DirectoryInfo(root));
    }

    /// <summary>Every file and folder with a GUID.</summary>
    public IReadOnlyDictionary<string, string> Paths => _paths;

    /// <summary>The file or folder of a GUID; null where there is none.</summary>
    public string? PathOf(string guid) => _paths.GetValueOrDefault(guid);

    private void Add(DirectoryInfo folder)
    {
        foreach (FileInfo meta in folder.EnumerateFiles("*.meta"))
        {
            string guid = AssetFile.ReadMeta(meta.FullName).String("guid"), path = meta.FullName[..^".meta".Length];
            if (!_paths.TryAdd(guid, path)) throw new FormatException($"{path} and {_paths[guid]} have the same GUID, {guid}.");
        }
        foreach (DirectoryInfo inner in folder.EnumerateDirectories())
            if (!inner.Name.StartsWith('.') && !inner.Name.EndsWith('~')) Add(inner);
    }
}
