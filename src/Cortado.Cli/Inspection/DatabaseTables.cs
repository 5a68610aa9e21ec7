using System.Globalization;
using System.Text;
using Cortado.Formats;
using Cortado.Lmdb;

namespace Cortado.Cli.Inspection;

/// <summary>What is in a database of images: records, shapes, labels, range of values.</summary>
internal static class DatabaseTables
{
    private const int MostRecords = 5000, MostRows = 20;

    public static void Write(string path, Terminal terminal)
    {
        using LmdbDatabase database = LmdbDatabase.Open(path);
        using LmdbCursor cursor = database.OpenCursor();
        var shapes = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var labels = new SortedDictionary<int, (long Count, string FirstKey)>();
        var statistics = new ArrayStatistics();
        long seen = 0, foreign = 0;
        string firstKey = "", lastKey = "";
        for (bool more = cursor.MoveToFirst(); more && seen < MostRecords; more = cursor.MoveNext())
        {
            lastKey = Encoding.UTF8.GetString(cursor.Key);
            if (seen++ == 0) firstKey = lastKey;
            Datum datum;
            try
            {
                datum = Datum.Parser.ParseFrom(cursor.Value);
            }
            catch (Google.Protobuf.InvalidProtocolBufferException)
            {
                foreign++;
                continue;
            }
            string kind = datum.Encoded ? "encoded image" : datum.FloatData.Count > 0 ? "float numbers" : "bytes";
            string shape = datum.Encoded ? kind : $"{datum.Channels}x{datum.Height}x{datum.Width} {kind}";
            shapes[shape] = shapes.GetValueOrDefault(shape) + 1;
            (long count, string key) = labels.GetValueOrDefault(datum.Label, (0, lastKey));
            labels[datum.Label] = (count + 1, key);
            if (datum.Encoded) continue;
            statistics.Add(datum.Data.Span);
            if (datum.FloatData.Count > 0) statistics.Add(datum.FloatData.ToArray());
        }
        string part = seen < database.Count ? $" (the first {seen} of them read here)" : "";
        terminal.Line($"{path}: LMDB with {database.Count} records{part}, keys '{firstKey}' to '{lastKey}'");
        foreach ((string shape, long count) in shapes) terminal.Line($"{count} records of {shape}");
        if (foreign > 0) terminal.Line($"{foreign} records are no Datum messages of Caffe's");
        if (statistics.Count > 0)
        {
            var values = new TextTable(["values", .. ArrayStatistics.Headings]);
            values.Row([statistics.Count.ToString(CultureInfo.InvariantCulture), .. statistics.Cells()]);
            values.Write(terminal);
        }
        if (labels.Count == 0) return;
        var table = new TextTable(">label", ">records", ">share", "first key");
        foreach ((int label, (long count, string key)) in labels.Take(MostRows))
            table.Row(Text(label), Text(count), (100.0 * count / seen).ToString("F1", CultureInfo.InvariantCulture) + " %", key);
        table.Write(terminal);
        if (labels.Count > MostRows) terminal.Line($"and {labels.Count - MostRows} labels more, up to {labels.Keys.Max()}");
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
