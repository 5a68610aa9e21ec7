namespace Cortado.Formats;

/// <summary>
/// Finds files named inside a prototxt: as Caffe does from the current folder, and where nothing is there, from the folder of
/// the prototxt itself.
/// </summary>
public sealed class PathResolver
{
    private readonly string? _folder;

    /// <summary>Creates a resolver for names in one prototxt; null when the text did not come from a file.</summary>
    /// <param name="prototxtPath">The prototxt that the names stand in.</param>
    public PathResolver(string? prototxtPath) =>
        _folder = prototxtPath == null ? null : Path.GetDirectoryName(Path.GetFullPath(prototxtPath));

    /// <summary>The place of an existing file or folder.</summary>
    /// <param name="name">The name as it stands in the prototxt.</param>
    /// <param name="what">What it is, for the message: "database", "mean file".</param>
    /// <exception cref="CortadoException">It is in neither place; the message shows both.</exception>
    public string Existing(string name, string what)
    {
        string resolved = Resolve(name);
        if (Exists(resolved)) return resolved;
        string first = Path.GetFullPath(name);
        string? second = _folder == null ? null : Path.GetFullPath(Path.Combine(_folder, name));
        string places = second == null || second == first ? first : $"{first} nor at {second}";
        throw new CortadoException($"The {what} '{name}' was not found: there is nothing at {places}.");
    }

    /// <summary>The place of a file or folder: from the current folder where it exists there, else from the prototxt's folder where it exists there, else from the current folder.</summary>
    public string Resolve(string name)
    {
        if (Exists(name) || _folder == null) return name;
        string beside = Path.Combine(_folder, name);
        return Exists(beside) ? beside : name;
    }

    private static bool Exists(string path) => path.Length > 0 && (File.Exists(path) || Directory.Exists(path));
}
