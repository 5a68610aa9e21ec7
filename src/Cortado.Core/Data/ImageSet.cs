using System.Globalization;
using Cortado.Tensors;

namespace Cortado.Data;

/// <summary>Labelled image files: where they are, and what their labels mean.</summary>
public sealed class ImageSet
{
    private static readonly string[] Extensions = { ".png", ".jpg", ".jpeg", ".bmp" };

    private ImageSet(string root, List<ImageListEntry> entries, IReadOnlyList<string> classNames, IReadOnlyList<string> otherFiles)
    {
        Root = root;
        Entries = entries;
        ClassNames = classNames;
        OtherFiles = otherFiles;
    }

    /// <summary>The folder that the names of <see cref="Entries"/> are relative to.</summary>
    public string Root { get; }

    /// <summary>The images.</summary>
    public IReadOnlyList<ImageListEntry> Entries { get; }

    /// <summary>What each label means: the names of the sub-folders, or the labels themselves where a list gives no better name.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>Files in the class folders that are no PNG, JPEG or BMP by their names, and so no part of the set.</summary>
    public IReadOnlyList<string> OtherFiles { get; }

    /// <summary>Takes a folder with one sub-folder per class. Labels follow the sub-folders' names in ordinal order, and so do the images.</summary>
    /// <exception cref="CortadoException">There is no such folder, it has no sub-folders, or there are no images in them.</exception>
    public static ImageSet FromFolder(string folder)
    {
        if (!Directory.Exists(folder)) throw new CortadoException($"There is no folder {Path.GetFullPath(folder)}; a folder with one sub-folder of images per class is expected.");
        try
        {
            string[] classes = Directory.GetDirectories(folder)
                .Select(d => Path.GetFileName(d)!)
                .Where(n => !n.StartsWith(".", StringComparison.Ordinal))
                .OrderBy(n => n, StringComparer.Ordinal)
                .ToArray();
            if (classes.Length == 0) throw new CortadoException($"The folder {folder} has no sub-folders; one sub-folder of images per class is expected.");
            var entries = new List<ImageListEntry>();
            var others = new List<string>();
            for (int label = 0; label < classes.Length; label++)
            {
                string classFolder = Path.Combine(folder, classes[label]);
                IEnumerable<string> names = Directory.EnumerateFiles(classFolder, "*", SearchOption.AllDirectories)
                    .Select(f => classes[label] + "/" + f.Substring(classFolder.Length).TrimStart('/', '\\').Replace('\\', '/'))
                    .OrderBy(n => n, StringComparer.Ordinal);
                foreach (string name in names)
                {
                    if (IsImage(name)) entries.Add(new ImageListEntry(name, label));
                    else others.Add(name);
                }
            }

            if (entries.Count == 0) throw new CortadoException($"The sub-folders of {folder} hold no images; files ending in {string.Join(", ", Extensions)} are expected.");
            return new ImageSet(folder, entries, classes, others);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CortadoException($"The folder {folder} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Takes a Caffe list, a line per image: its path, a space, its label.</summary>
    /// <param name="list">The list file.</param>
    /// <param name="root">The folder that its paths are relative to; null for the list's own.</param>
    /// <exception cref="CortadoException">The list cannot be read, or a line is wrong.</exception>
    public static ImageSet FromList(string list, string? root = null)
    {
        List<ImageListEntry> entries = ImageList.Read(list);
        string folder = root ?? Path.GetDirectoryName(Path.GetFullPath(list))!;
        return new ImageSet(folder, entries, NamesFromFolders(entries), Array.Empty<string>());
    }

    /// <summary>Divides the set in two, class by class, so that both have the same mixture. Which image goes where depends on the seed alone.</summary>
    /// <param name="share">The share of each class that goes into the second set, 0 to 1. A class of two images and more keeps at least one in the first.</param>
    /// <param name="seed">The seed.</param>
    public (ImageSet First, ImageSet Second) Split(double share, ulong seed)
    {
        var first = new List<ImageListEntry>();
        var second = new List<ImageListEntry>();
        CounterRandom random = CounterRandom.Named(seed, "split");
        ulong draw = 0;
        foreach (IGrouping<int, ImageListEntry> ofClass in Entries.GroupBy(entry => entry.Label).OrderBy(group => group.Key))
        {
            ImageListEntry[] entries = ofClass.ToArray();
            int wanted = Math.Min(entries.Length - 1, (int)Math.Round(share * entries.Length));
            // Each goes with the chance that is left: exactly as many as wanted, in their own order.
            for (int i = 0; i < entries.Length; i++)
            {
                bool goes = random.Below(draw++, entries.Length - i) < wanted;
                if (goes) wanted--;
                (goes ? second : first).Add(entries[i]);
            }
        }
        return (new ImageSet(Root, first, ClassNames, OtherFiles), new ImageSet(Root, second, ClassNames, Array.Empty<string>()));
    }

    /// <summary>Where an image is.</summary>
    public string PathOf(ImageListEntry entry) => Path.Combine(Root, entry.Name);

    private static bool IsImage(string name) => Extensions.Any(e => name.EndsWith(e, StringComparison.OrdinalIgnoreCase));

    /// <summary>Names each label after the folder that all its images are in, where they are in one that no other label uses.</summary>
    private static string[] NamesFromFolders(List<ImageListEntry> entries)
    {
        int most = entries.Max(e => e.Label);
        if (entries.Min(e => e.Label) < 0 || most > 100_000) return Array.Empty<string>();
        string?[] folders = new string?[most + 1];
        bool usable = true;
        foreach (ImageListEntry entry in entries)
        {
            string folder = Path.GetFileName(Path.GetDirectoryName(entry.Name)) ?? "";
            usable &= folder.Length > 0 && (folders[entry.Label] ?? folder) == folder;
            folders[entry.Label] = folder;
        }

        string[] given = folders.Where(f => f != null).Select(f => f!).ToArray();
        usable &= given.Distinct(StringComparer.Ordinal).Count() == given.Length;
        return folders.Select((f, i) => usable && f != null ? f : i.ToString(CultureInfo.InvariantCulture)).ToArray();
    }
}
