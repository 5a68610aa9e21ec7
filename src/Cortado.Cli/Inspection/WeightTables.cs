using System.Globalization;
using Cortado.Formats;
using Cortado.Solvers;

namespace Cortado.Cli.Inspection;

/// <summary>What is in files of arrays: trained weights, solver states, mean images.</summary>
internal static class WeightTables
{
    /// <summary>A <c>.caffemodel</c>.</summary>
    public static void Model(string path, Terminal terminal)
    {
        using WeightFile file = WeightFile.Open(path);
        TextTable table = Table("layer", "type", ">blob");
        long count = 0, nonFinite = 0;
        string? firstBroken = null;
        foreach (WeightLayer layer in file.Layers)
            for (int i = 0; i < layer.Blobs.Count; i++)
            {
                ArrayStatistics statistics = Row(table, layer.Blobs[i], layer.Name, layer.Type, i.ToString(CultureInfo.InvariantCulture));
                count += statistics.Count;
                nonFinite += statistics.NonFinite;
                if (statistics.NonFinite > 0) firstBroken ??= layer.Name;
            }
        string name = file.NetName.Length == 0 ? "without a name" : $"'{file.NetName}'";
        terminal.Line($"{path}: trained weights of a network {name}: {file.Layers.Count} layers, {table.Count} arrays, {count} numbers");
        table.Write(terminal);
        Warn(terminal, nonFinite, firstBroken == null ? "" : $"the first in layer '{firstBroken}'; ");
    }

    /// <summary>A <c>.solverstate</c>.</summary>
    public static void State(string path, Terminal terminal)
    {
        using SolverStateFile file = SolverStateFile.Open(path);
        terminal.Line($"{path}: solver state after iteration {file.Iteration}, weights in {(file.LearnedNet.Length == 0 ? "(none named)" : file.LearnedNet)}, learning-rate step {file.CurrentStep}");
        TextTable table = Table(">history");
        long nonFinite = 0;
        for (int i = 0; i < file.History.Count; i++) nonFinite += Row(table, file.History[i], i.ToString(CultureInfo.InvariantCulture)).NonFinite;
        table.Write(terminal);
        Warn(terminal, nonFinite, "");
    }

    /// <summary>A <c>.binaryproto</c>, channel by channel.</summary>
    public static void Array(string path, Terminal terminal)
    {
        BinaryProtoFile file = BinaryProtoFile.Load(path);
        IReadOnlyList<int> shape = file.Shape;
        terminal.Line($"{path}: one array of {string.Join("x", shape)}");
        int channels = shape.Count >= 3 ? shape[^3] : 1;
        int plane = channels == 0 ? 0 : file.Data.Length / channels;
        TextTable table = Table(">channel");
        for (int channel = 0; channel < channels; channel++)
        {
            var statistics = new ArrayStatistics();
            statistics.Add(file.Data.AsSpan(channel * plane, plane));
            string size = shape.Count >= 2 ? $"{shape[^2]}x{shape[^1]}" : plane.ToString(CultureInfo.InvariantCulture);
            table.Row([channel.ToString(CultureInfo.InvariantCulture), size, .. statistics.Cells()]);
        }
        table.Write(terminal);
    }

    /// <summary>A <c>.cortado</c> checkpoint.</summary>
    public static void Checkpoint(string path, Terminal terminal)
    {
        var arrays = new List<(string Name, IReadOnlyList<int> Shape, ArrayStatistics Statistics)>();
        CheckpointInfo info = CheckpointFile.Read(path, (name, shape, part) =>
        {
            if (arrays.Count == 0 || arrays[^1].Name != name) arrays.Add((name, shape, new ArrayStatistics()));
            arrays[^1].Statistics.Add(part);
        });
        string network = info.Network.Length == 0 ? "a network without a name" : $"network '{info.Network}'";
        terminal.Line($"{path}: checkpoint of {network} after iteration {info.Iteration}: {info.SolverType}, seed {info.Seed}, loss {CaffeNumber.Format(info.SmoothedLoss)}");
        TextTable table = Table("array");
        foreach ((string name, IReadOnlyList<int> shape, ArrayStatistics statistics) in arrays)
            table.Row([name, string.Join("x", shape), .. statistics.Cells()]);
        table.Write(terminal);
        Warn(terminal, arrays.Sum(array => array.Statistics.NonFinite), "");
    }

    private static TextTable Table(params string[] first) => new([.. first, "shape", .. ArrayStatistics.Headings]);

    private static ArrayStatistics Row(TextTable table, WeightBlob blob, params string[] first)
    {
        var statistics = new ArrayStatistics();
        statistics.Add(blob.ToArray());
        string shape = blob.Shape.Count == 0 ? "scalar" : string.Join("x", blob.Shape);
        table.Row([.. first, shape, .. statistics.Cells()]);
        return statistics;
    }

    private static void Warn(Terminal terminal, long nonFinite, string where)
    {
        if (nonFinite > 0)
            terminal.Line($"{nonFinite} numbers are NaN or infinite, {where}this is what a diverged training leaves behind. Use an earlier snapshot, and see 'cortado doctor'.");
    }
}
