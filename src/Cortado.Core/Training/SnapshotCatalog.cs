using System.Globalization;

namespace Cortado.Training;

/// <summary>A snapshot that lies in a folder.</summary>
/// <param name="Iteration">Updates done.</param>
/// <param name="Model">The weights, <c>.caffemodel</c>.</param>
/// <param name="Checkpoint">The checkpoint beside them; null where it is gone.</param>
/// <param name="Healthy">Whether its weights were finite when it was written, by its name.</param>
/// <param name="Bytes">The size of the weights.</param>
/// <param name="Written">When, in UTC.</param>
public sealed record SnapshotEntry(int Iteration, string Model, string? Checkpoint, bool Healthy, long Bytes, DateTime Written);

/// <summary>Finds the snapshots of a training by their names: <c>PREFIX_iter_N.caffemodel</c>.</summary>
public static class SnapshotCatalog
{
    private const string Model = ".caffemodel", Healthy = "_iter_", Diverged = "_diverged_iter_";

    /// <summary>The snapshots of a prefix, the latest first.</summary>
    public static IReadOnlyList<SnapshotEntry> Of(string prefix)
    {
        var entries = new List<SnapshotEntry>();
        string full = Path.GetFullPath(prefix), folder = Path.GetDirectoryName(full) ?? full, name = Path.GetFileName(full);
        if (!Directory.Exists(folder)) return entries;
        foreach (string file in Directory.EnumerateFiles(folder, name + "_*" + Model))
        {
            string rest = Path.GetFileNameWithoutExtension(file).Substring(name.Length);
            bool healthy = rest.StartsWith(Healthy, StringComparison.Ordinal);
            if (!healthy && !rest.StartsWith(Diverged, StringComparison.Ordinal)) continue;
            string number = rest.Substring((healthy ? Healthy : Diverged).Length);
            if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int iteration)) continue;
            string checkpoint = Path.ChangeExtension(file, ".cortado");
            var info = new FileInfo(file);
            entries.Add(new SnapshotEntry(iteration, file, File.Exists(checkpoint) ? checkpoint : null, healthy, info.Length, info.LastWriteTimeUtc));
        }
        entries.Sort((a, b) => a.Iteration != b.Iteration ? b.Iteration.CompareTo(a.Iteration) : b.Healthy.CompareTo(a.Healthy));
        return entries;
    }
}
