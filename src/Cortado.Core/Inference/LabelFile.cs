using Cortado.Formats;

namespace Cortado.Inference;

/// <summary>The names of classes: a text file with one name a line, in the order of the labels.</summary>
public static class LabelFile
{
    /// <summary>The file's usual name.</summary>
    public const string Name = "labels.txt";

    /// <summary>Reads the names. Empty lines at the end do not count.</summary>
    /// <exception cref="CortadoException">The file cannot be read.</exception>
    public static IReadOnlyList<string> Read(string path)
    {
        try
        {
            var names = new List<string>(File.ReadAllLines(path));
            while (names.Count > 0 && names[names.Count - 1].Trim().Length == 0) names.RemoveAt(names.Count - 1);
            for (int i = 0; i < names.Count; i++) names[i] = names[i].Trim();
            return names;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CortadoException($"{path}: the class names cannot be read: {error.Message}", error);
        }
    }

    /// <summary>The label file that belongs to a model: beside the network, else beside the weights; null where there is none.</summary>
    public static string? Find(string model, string weights)
    {
        foreach (string file in new[] { model, weights })
        {
            string path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file)) ?? ".", Name);
            if (File.Exists(path)) return path;
        }
        return null;
    }
}
