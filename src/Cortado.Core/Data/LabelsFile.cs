using System.Text;
using Cortado.Formats;

namespace Cortado.Data;

/// <summary>The names of the classes: a text file with one line per label, label 0 first.</summary>
public static class LabelsFile
{
    /// <summary>The file's usual name.</summary>
    public const string Name = "labels.txt";

    /// <summary>The place of the file that belongs to a database: the folder that the database lies in.</summary>
    public static string Beside(string database)
    {
        string full = Path.GetFullPath(database).TrimEnd('/', '\\');
        return Path.Combine(Path.GetDirectoryName(full) ?? full, Name);
    }

    /// <summary>Reads the names.</summary>
    /// <exception cref="CortadoException">The file cannot be read.</exception>
    public static string[] Read(string path)
    {
        try
        {
            return File.ReadAllLines(path).Select(l => l.Trim()).Reverse().SkipWhile(l => l.Length == 0).Reverse().ToArray();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CortadoException($"{path}: the class names cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Refuses to go on where other names are already there. The same names again are no conflict, such as of a training and a test set.</summary>
    /// <exception cref="CortadoException">There are other names and <paramref name="overwrite"/> is false.</exception>
    public static void RefuseOther(string path, IReadOnlyList<string> names, bool overwrite)
    {
        if (overwrite || !File.Exists(path) || Read(path).SequenceEqual(names, StringComparer.Ordinal)) return;
        throw new CortadoException($"There is already a file {path} with other class names; it is not replaced unless you ask for it (--force).");
    }

    /// <summary>Writes the names.</summary>
    /// <exception cref="CortadoException">There are other names and <paramref name="overwrite"/> is false, or the file cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<string> names, bool overwrite = false)
    {
        RefuseOther(path, names, overwrite);
        byte[] text = new UTF8Encoding(false).GetBytes(string.Concat(names.Select(n => n + "\n")));
        AtomicFile.Write(path, stream => stream.Write(text, 0, text.Length));
    }
}
