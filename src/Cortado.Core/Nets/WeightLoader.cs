using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Nets;

/// <summary>Loads a .caffemodel into a network: layers are matched by name, as Caffe's CopyTrainedLayersFrom does.</summary>
public static class WeightLoader
{
    /// <summary>Loads the weights of a file. Each array goes straight from the file into the blob.</summary>
    /// <returns>What was loaded and what was not.</returns>
    /// <exception cref="CortadoException">
    /// The file cannot be read, or a layer of the same name has another number of blobs or other shapes; then nothing was loaded.
    /// </exception>
    public static WeightReport Load(Net net, string path)
    {
        using WeightFile file = WeightFile.Open(path);
        return Load(net, file);
    }

    /// <summary>The same from an open file.</summary>
    public static WeightReport Load(Net net, WeightFile file)
    {
        WeightReport report = Compare(net, file);
        if (report.Count(WeightOutcome.OtherShape) > 0) throw new CortadoException(Mismatch(net, report));
        foreach (WeightLayer source in file.Layers)
        {
            NetLayer? target = net.FindLayer(source.Name);
            if (target == null) continue;
            for (int i = 0; i < source.Blobs.Count; i++) source.Blobs[i].CopyTo(target.Layer.Blobs[i].WriteData());
        }
        net.WeightsChanged();
        return report;
    }

    /// <summary>What loading the file would do, without doing it.</summary>
    public static WeightReport Compare(Net net, WeightFile file)
    {
        var lines = new List<WeightReportLine>();
        var inFile = new HashSet<string>(StringComparer.Ordinal);
        foreach (WeightLayer source in file.Layers)
        {
            inFile.Add(source.Name);
            NetLayer? target = net.FindLayer(source.Name);
            if (source.Blobs.Count == 0 && (target == null || target.Layer.Blobs.Count == 0)) continue;
            WeightOutcome outcome = target == null ? WeightOutcome.NotInNetwork : Fits(source, target) ? WeightOutcome.Loaded : WeightOutcome.OtherShape;
            lines.Add(new WeightReportLine(source.Name, outcome, Shapes(source), target == null ? "" : Shapes(target)));
        }
        foreach (NetLayer layer in net.Layers)
            if (layer.Layer.Blobs.Count > 0 && !inFile.Contains(layer.Layer.Name))
                lines.Add(new WeightReportLine(layer.Layer.Name, WeightOutcome.NotInFile, "", Shapes(layer)));
        return new WeightReport(file.FileName, lines);
    }

    private static bool Fits(WeightLayer source, NetLayer target)
    {
        if (source.Blobs.Count != target.Layer.Blobs.Count) return false;
        for (int i = 0; i < source.Blobs.Count; i++)
            if (!source.Blobs[i].ShapeEquals(target.Layer.Blobs[i].Shape.ToArray())) return false;
        return true;
    }

    private static string Mismatch(Net net, WeightReport report)
    {
        var rows = new List<string>();
        foreach (WeightReportLine line in report.Lines)
            if (line.Outcome == WeightOutcome.OtherShape)
                rows.Add($"  layer '{line.Layer}': the file has {line.FileShapes}; the network has {line.NetShapes}");
        return $"{report.FileName} does not fit the network '{net.Name}'; nothing was loaded:\n{string.Join("\n", rows)}\nTo learn such a layer from scratch instead, give it another name in the prototxt.";
    }

    private static string Shapes(WeightLayer layer)
    {
        var shapes = new List<string>();
        foreach (WeightBlob blob in layer.Blobs) shapes.Add(Text(blob.Shape));
        return Text(shapes);
    }

    private static string Shapes(NetLayer layer)
    {
        var shapes = new List<string>();
        foreach (Blob blob in layer.Layer.Blobs) shapes.Add(Text(blob.Shape.ToArray()));
        return Text(shapes);
    }

    private static string Text(IReadOnlyList<int> dims) => dims.Count == 0 ? "()" : string.Join("x", dims);

    private static string Text(List<string> shapes) => shapes.Count == 0 ? "no blobs" : string.Join(", ", shapes);
}
