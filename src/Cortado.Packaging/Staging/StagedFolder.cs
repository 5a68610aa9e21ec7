namespace Cortado.Packaging.Staging;

/// <summary>The folder that the engine loads the package's assemblies from.</summary>
internal static class StagedFolder
{
    /// <summary>The endings of what is staged there.</summary>
    public static IReadOnlyList<string> Endings { get; } = [".dll", ".pdb", ".xml"];

    private const int Attempts = 600;
    private const int PauseMilliseconds = 100;

    /// <summary>
    /// Brings the folder up to date: files that differ are replaced whole, those that are no longer staged go, everything else stays untouched, so
    /// that an open editor imports only what changed. Two builds at once take turns.
    /// </summary>
    /// <returns>The names that changed.</returns>
    public static IReadOnlyList<string> Update(string folder, IReadOnlyList<(string Name, byte[] Content)> files)
    {
        Directory.CreateDirectory(folder);
        using FileStream turn = TakeTurn(Path.Combine(folder, ".staging.lock"));
        var changed = new List<string>();
        foreach ((string name, byte[] content) in files)
        {
            string path = Path.Combine(folder, name);
            if (File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(content)) continue;
            Replace(path, content);
            changed.Add(name);
        }
        var names = files.Select(f => f.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (string path in Directory.EnumerateFiles(folder).Where(f => Endings.Contains(Path.GetExtension(f)) && !names.Contains(Path.GetFileName(f))).ToArray())
        {
            File.Delete(path);
            changed.Add(Path.GetFileName(path));
        }
        return changed;
    }

    private static void Replace(string path, byte[] content)
    {
        string temporary = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.tmp");
        try
        {
            File.WriteAllBytes(temporary, content);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PackagingException($"{path}: cannot be replaced ({e.Message}) If the editor has it open, close the editor and build again.");
        }
    }

    private static FileStream TakeTurn(string path)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException && attempt < Attempts)
            {
                Thread.Sleep(PauseMilliseconds);
            }
        }
    }
}
