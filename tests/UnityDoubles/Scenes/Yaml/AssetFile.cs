using System.Globalization;

namespace UnityDoubles.Yaml;

/// <summary>An object in a text asset.</summary>
/// <param name="ClassId">The engine's number for its class: 1 GameObject, 4 Transform, 114 MonoBehaviour.</param>
/// <param name="FileId">Its number in the file.</param>
/// <param name="ClassName">Its class.</param>
/// <param name="Body">Its fields.</param>
public sealed record AssetObject(int ClassId, long FileId, string ClassName, YamlNode Body);

/// <summary>A scene, prefab, material or settings file, as the engine writes them in text.</summary>
public sealed class AssetFile
{
    private const string Version = "%YAML 1.1", Tag = "%TAG !u! tag:unity3d.com,2011:";

    private AssetFile(string path, IReadOnlyList<AssetObject> objects)
    {
        Path = path;
        Objects = objects;
    }

    public string Path { get; }

    /// <summary>All objects, in the file's order.</summary>
    public IReadOnlyList<AssetObject> Objects { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="FormatException">It is not of that form; the message has the line.</exception>
    public static AssetFile Read(string path)
    {
        string[] lines = File.ReadAllLines(path);
        if (lines.Length < 2 || lines[0] != Version || lines[1] != Tag) throw new FormatException($"{path} does not begin with '{Version}' and '{Tag}'.");
        var objects = new List<AssetObject>();
        for (int i = 2; i < lines.Length;)
        {
            int end = i + 1;
            while (end < lines.Length && !lines[end].StartsWith("--- ", StringComparison.Ordinal)) end++;
            objects.Add(Object(path, lines, i, end));
            i = end;
        }
        return new AssetFile(path, objects);
    }

    /// <summary>Reads a .meta file, which is one mapping without a head.</summary>
    public static YamlNode ReadMeta(string path) => new YamlReader(File.ReadAllLines(path), 1).Read();

    private static AssetObject Object(string path, string[] lines, int start, int end)
    {
        string[] head = lines[start].Split(' ');
        if (head.Length != 3 || !head[1].StartsWith("!u!", StringComparison.Ordinal) || head[2][0] != '&')
            throw new FormatException($"{path}:{start + 1}: expected '--- !u!CLASS &ID'; found '{lines[start]}'.");
        try
        {
            YamlNode root = new YamlReader(lines[(start + 1)..end], start + 2).Read();
            if (root.Fields.Count != 1) throw new FormatException($"line {start + 2}: expected one object.");
            return new AssetObject(int.Parse(head[1].AsSpan(3), CultureInfo.InvariantCulture), long.Parse(head[2].AsSpan(1), CultureInfo.InvariantCulture), root.Fields[0].Key, root.Fields[0].Value);
        }
        catch (FormatException error)
        {
            throw new FormatException($"{path}: {error.Message}", error);
        }
    }
}
