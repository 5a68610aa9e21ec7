using System.Globalization;
using Cortado.Formats;

namespace Cortado.Data;

/// <summary>One line of an image list: a file and its label.</summary>
public readonly struct ImageListEntry
{
    /// <summary>Creates an entry.</summary>
    public ImageListEntry(string name, int label)
    {
        Name = name;
        Label = label;
    }

    /// <summary>The file, relative to the list's root folder.</summary>
    public string Name { get; }

    /// <summary>The label.</summary>
    public int Label { get; }
}

/// <summary>Reads Caffe's image lists: a line per image, its path, a space, its label. The path may contain spaces.</summary>
public static class ImageList
{
    /// <summary>Reads a list.</summary>
    /// <exception cref="CortadoException">It cannot be read, is empty, or a line has no label; the message shows file and line.</exception>
    public static List<ImageListEntry> Read(string path)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CortadoException($"{path}: the image list cannot be read: {e.Message}", e);
        }

        var entries = new List<ImageListEntry>(lines.Length);
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].TrimEnd();
            if (line.Length == 0) continue;
            int space = Math.Max(line.LastIndexOf(' '), line.LastIndexOf('\t'));
            if (space <= 0 || !int.TryParse(line.AsSpan(space + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int label))
            {
                throw new CortadoException(FormattableString.Invariant(
                    $"{path}:{i + 1}: found '{line}'; expected a path, a space and a label that is an integer."));
            }

            entries.Add(new ImageListEntry(line.Substring(0, space).TrimEnd(), label));
        }

        if (entries.Count == 0) throw new CortadoException($"{path}: the image list is empty; a line per image is expected, with its path, a space and its label.");
        return entries;
    }
}
