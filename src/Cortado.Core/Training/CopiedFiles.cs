using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Cortado.Data;
using Cortado.Diagnostics;
using Cortado.Formats;
using Google.Protobuf;

namespace Cortado.Training;

/// <summary>
/// Copies of somebody's solver and networks with some edits made in them, in a folder of their own: what was written by hand stays as it is. They are made again when an original or the edits
/// change, and only then, so that edits made in a copy later stay too.
/// </summary>
internal sealed class CopiedFiles
{
    private readonly TrainingFiles _files;
    private readonly Dictionary<string, string> _copies = new(StringComparer.Ordinal);
    private readonly List<PrototxtEdit> _edits;

    private CopiedFiles(TrainingFiles files, IEnumerable<PrototxtEdit> edits, string folder)
    {
        _files = files;
        // Of two edits of one stretch the first stands: a database that is chosen goes before the place of the one that was named.
        _edits = new List<PrototxtEdit>(edits);
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (string original in Originals())
        {
            string name = Path.GetFileName(original);
            for (int i = 2; !taken.Add(name); i++) name = i.ToString(CultureInfo.InvariantCulture) + "_" + Path.GetFileName(original);
            _copies[original] = Path.Combine(folder, name);
        }
        AddNetworks();
        AddPlaces(files.Train);
        foreach (NetText test in files.Tests) AddPlaces(test);
    }

    /// <summary>Makes the copies, or finds them made.</summary>
    /// <param name="files">The originals.</param>
    /// <param name="edits">What is to be different.</param>
    /// <param name="folder">The copies' folder.</param>
    /// <returns>The solver's copy.</returns>
    /// <exception cref="CortadoException">A copy cannot be written.</exception>
    public static string Make(TrainingFiles files, IEnumerable<PrototxtEdit> edits, string folder)
    {
        var copied = new CopiedFiles(files, edits, folder);
        string solver = copied._copies[files.Solver.FileName], stamp = copied.Stamp();
        if (copied._copies.Values.All(File.Exists) && GeneratedFile.FirstLine(solver) == stamp) return solver;
        foreach (string original in copied.Originals().Reverse())
            GeneratedFile.Write(copied._copies[original], (original == files.Solver.FileName ? stamp + "\n" : "") + copied.TextOf(original));
        return solver;
    }

    // The solver, whose first line tells whether all were written, is the first one.
    private IEnumerable<string> Originals() =>
        new[] { _files.Solver.FileName, _files.Train.FileName }.Concat(_files.Tests.Select(test => test.FileName)).Distinct(StringComparer.Ordinal);

    private string TextOf(string original) => PrototxtEdit.Apply(_files.TextOf(original).Text, _edits.Where(edit => edit.FileName == original));

    private string Stamp()
    {
        using var hash = SHA256.Create();
        byte[] digest = hash.ComputeHash(Encoding.UTF8.GetBytes(string.Join("\0", Originals().Select(TextOf))));
        return $"# Made by Cortado of {GeneratedFile.Slashes(_files.Solver.FileName)} ({string.Concat(digest.Take(6).Select(part => part.ToString("X2", CultureInfo.InvariantCulture)))})";
    }

    // Copies name copies.
    private void AddNetworks()
    {
        SolverParameter solver = _files.Solver.Message;
        var paths = new PathResolver(_files.Solver.FileName);
        foreach ((string field, string network) in new[] { ("net", solver.Net), ("train_net", solver.TrainNet) }) Replace(_files.Solver.Locations, solver, field, 0, Copy(paths, network));
        for (int i = 0; i < solver.TestNet.Count; i++) Replace(_files.Solver.Locations, solver, "test_net", i, Copy(paths, solver.TestNet[i]));
        for (int i = 0; i < solver.Weights.Count; i++) Replace(_files.Solver.Locations, solver, "weights", i, Full(paths, solver.Weights[i]));
    }

    private string? Copy(PathResolver paths, string network) => network.Length > 0 && _copies.TryGetValue(paths.Resolve(network), out string? copy) ? copy : null;

    // What is named from the original's folder on is not found from the copy's.
    private void AddPlaces(NetText net)
    {
        var paths = new PathResolver(net.FileName);
        foreach (LayerParameter layer in net.Net.Layer)
        {
            if (layer.TransformParam is { HasMeanFile: true } transform) Replace(net.Locations, transform, "mean_file", 0, Full(paths, transform.MeanFile));
            if (layer.DataParam is { HasSource: true } data) Replace(net.Locations, data, "source", 0, Full(paths, data.Source));
            if (layer.ImageDataParam is { HasSource: true } images) Replace(net.Locations, images, "source", 0, Full(paths, images.Source));
            if (layer.ImageDataParam is { HasRootFolder: true } rooted) Replace(net.Locations, rooted, "root_folder", 0, Full(paths, rooted.RootFolder) + "/");
            if (layer.InfogainLossParam is { HasSource: true } infogain) Replace(net.Locations, infogain, "source", 0, Full(paths, infogain.Source));
        }
    }

    private void Replace(SourceMap locations, IMessage message, string field, int index, string? path)
    {
        if (path == null || locations.Find(message, field, index) is not { } place) return;
        _edits.Add(new PrototxtEdit(place.FileName, place.ValueStart, place.ValueEnd, GeneratedFile.Quoted(path), field));
    }

    private static string? Full(PathResolver paths, string name)
    {
        string found = paths.Resolve(name);
        return Path.IsPathRooted(name) || (!File.Exists(found) && !Directory.Exists(found)) ? null : Path.GetFullPath(found);
    }
}
