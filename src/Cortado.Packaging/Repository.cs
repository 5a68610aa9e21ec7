namespace Cortado.Packaging;

/// <summary>Where things lie in a checkout.</summary>
/// <param name="Root">The folder of Plugin.sln.</param>
internal sealed record Repository(string Root)
{
    /// <summary>The package's folder.</summary>
    public string Plugin => Path.Combine(Root, "plugin");

    /// <summary>Where the package's assemblies are staged.</summary>
    public string StagedAssemblies => Path.Combine(Plugin, "Runtime", "Plugins");

    /// <summary>The package's samples. The engine passes them over until somebody imports one; then its folder is copied as it is, and its .meta files with it.</summary>
    public IEnumerable<string> Samples =>
        Path.Combine(Plugin, "Samples~") is var folder && Directory.Exists(folder) ? Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal) : [];

    /// <summary>The folders of the package whose content the engine imports, at once or when it is asked to.</summary>
    public IEnumerable<string> PackageFolders => Samples.Prepend(Plugin);

    /// <summary>The folders whose content the engine imports, those that exist.</summary>
    public IEnumerable<string> AssetFolders => PackageFolders.Append(Path.Combine(Root, "demo-project", "Assets")).Where(Directory.Exists);

    /// <summary>A path as it is spelled in messages and GUIDs: from the root, with slashes, on every system.</summary>
    public string NameOf(string path) => Path.GetRelativePath(Root, path).Replace(Path.DirectorySeparatorChar, '/');

    /// <summary>The checkout that the current folder, or else the tool itself, lies in.</summary>
    public static Repository Find() => FindFrom(Environment.CurrentDirectory) ?? FindFrom(AppContext.BaseDirectory)
        ?? throw new PackagingException($"There is no Plugin.sln in {Environment.CurrentDirectory} or above it. Run this from a checkout.");

    private static Repository? FindFrom(string folder)
    {
        for (DirectoryInfo? at = new(folder); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Plugin.sln"))) return new Repository(at.FullName);
        }
        return null;
    }
}
