using System.Diagnostics;
using Cortado.Data;
using Cortado.Formats;

namespace Cortado.Diagnostics;

/// <summary>What a look through a data layer's database gave: how many records of each label, in which order.</summary>
public sealed class DataSample
{
    private readonly SortedDictionary<int, long> _labels = new();

    /// <summary>The data layer.</summary>
    public required LayerParameter Layer { get; init; }

    /// <summary>The network that the layer stands in.</summary>
    public required NetText Net { get; init; }

    /// <summary>The phase that it feeds.</summary>
    public required Phase Phase { get; init; }

    /// <summary>Why the database cannot be read; null where it can.</summary>
    public string? Failure { get; private set; }

    /// <summary>Where the names of the database's classes are, if it has any; null where it cannot be read.</summary>
    public string? NamesFile { get; private set; }

    /// <summary>Records in the database.</summary>
    public long Records { get; private set; }

    /// <summary>Records that were looked at.</summary>
    public long Sampled { get; private set; }

    /// <summary>How many of the sampled records have each label.</summary>
    public IReadOnlyDictionary<int, long> Labels => _labels;

    /// <summary>How often the label changes from one record to the next; a shuffled set changes often.</summary>
    public long LabelChanges { get; private set; }

    /// <summary>The key of the first record for each label.</summary>
    public Dictionary<int, string> FirstKeys { get; } = new();

    /// <summary>Whether the look went through the whole database.</summary>
    public bool Whole => Sampled == Records;

    /// <summary>Reads labels in key order until the end, or until the time is up.</summary>
    internal void Read(IRecordDatabaseProvider? databases, PathResolver paths, TimeSpan limit, CancellationToken cancel)
    {
        try
        {
            if (databases == null) throw new CortadoException("This program has no database reader.");
            DataParameter parameter = Layer.DataParam ?? new DataParameter();
            if (!parameter.HasSource) throw new CortadoException("The data layer names no source; expected data_param { source: \"...\" }.");
            string path = paths.Existing(parameter.Source, "database");
            using IRecordDatabase database = databases.Open(path, parameter.Backend);
            Records = database.Count;
            NamesFile = LabelsFile.Beside(path);
            if (Records == 0) throw new CortadoException($"The database {database.Path} is empty; expected at least one record.");
            using IRecordCursor cursor = database.OpenCursor();
            var watch = Stopwatch.StartNew();
            int previous = 0;
            while (cursor.MoveNext() && (Sampled < 256 || watch.Elapsed < limit))
            {
                cancel.ThrowIfCancellationRequested();
                int label = new DatumView(cursor.Value).Label;
                _labels[label] = _labels.TryGetValue(label, out long count) ? count + 1 : 1;
                if (count == 0) FirstKeys[label] = System.Text.Encoding.UTF8.GetString(cursor.Key.ToArray());
                if (Sampled > 0 && label != previous) LabelChanges++;
                previous = label;
                Sampled++;
            }
        }
        catch (CortadoException error)
        {
            Failure = error.Message;
        }
    }
}
