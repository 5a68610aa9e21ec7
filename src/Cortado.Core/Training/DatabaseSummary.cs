using System.Diagnostics;
using Cortado.Data;
using Cortado.Formats;

namespace Cortado.Training;

/// <summary>What a database of labelled pictures holds, for people and for fitting a network to it.</summary>
public sealed class DatabaseSummary
{
    private static readonly TimeSpan LookTime = TimeSpan.FromSeconds(2);

    private readonly SortedDictionary<int, long> _labels = new();

    private DatabaseSummary(string path) => Path = path;

    /// <summary>The database's folder or file.</summary>
    public string Path { get; }

    /// <summary>Pictures in it.</summary>
    public long Records { get; private set; }

    /// <summary>Channels of the first picture: 3 for colour, 1 for gray.</summary>
    public int Channels { get; private set; }

    /// <summary>Rows of the first picture.</summary>
    public int Height { get; private set; }

    /// <summary>Columns of the first picture.</summary>
    public int Width { get; private set; }

    /// <summary>How many pictures have each label, of those looked at.</summary>
    public IReadOnlyDictionary<int, long> Labels => _labels;

    /// <summary>Pictures looked at; fewer than <see cref="Records"/> where there are very many.</summary>
    public long Sampled { get; private set; }

    /// <summary>The file with the classes' names; null where there is none.</summary>
    public string? LabelsFile { get; private set; }

    /// <summary>The classes' names; empty where they are not known.</summary>
    public IReadOnlyList<string> ClassNames { get; private set; } = Array.Empty<string>();

    /// <summary>Classes: as many as there are names, at least one more than the largest label.</summary>
    public int Classes
    {
        get
        {
            int most = 0;
            foreach (int label in _labels.Keys) most = Math.Max(most, label + 1);
            return Math.Max(most, ClassNames.Count);
        }
    }

    /// <summary>Reads a database's size, first picture and labels.</summary>
    /// <exception cref="CortadoException">It is not there, empty, or broken.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static DatabaseSummary Read(IRecordDatabaseProvider databases, string path, CancellationToken cancel = default)
    {
        var summary = new DatabaseSummary(path);
        using IRecordDatabase database = databases.Open(path, DataParameter.Types.DB.Lmdb);
        summary.Records = database.Count;
        if (summary.Records == 0) throw new CortadoException($"The database {path} is empty; expected at least one picture.");
        using IRecordCursor cursor = database.OpenCursor();
        var watch = Stopwatch.StartNew();
        while (cursor.MoveNext() && (summary.Sampled < 256 || watch.Elapsed < LookTime))
        {
            cancel.ThrowIfCancellationRequested();
            summary.Look(new DatumView(cursor.Value));
        }
        string names = Data.LabelsFile.Beside(path);
        if (!File.Exists(names)) return summary;
        summary.LabelsFile = names;
        summary.ClassNames = Data.LabelsFile.Read(names);
        return summary;
    }

    /// <summary>The summary in a line: <c>4000 pictures of 3x80x80: ball 2000, box 2000</c>.</summary>
    public override string ToString()
    {
        IEnumerable<string> classes = _labels.Select(pair => FormattableString.Invariant($"{NameOf(pair.Key)} {pair.Value}"));
        string sampled = Sampled < Records ? FormattableString.Invariant($" (of the first {Sampled})") : "";
        return FormattableString.Invariant($"{Records} pictures of {Channels}x{Height}x{Width}: {string.Join(", ", classes.Take(8))}{(_labels.Count > 8 ? ", ..." : "")}{sampled}");
    }

    private string NameOf(int label) =>
        label >= 0 && label < ClassNames.Count ? ClassNames[label] : FormattableString.Invariant($"class {label}");

    private void Look(in DatumView datum)
    {
        if (Sampled++ == 0)
        {
            var pixels = new DatumPixels();
            pixels.Decode(datum, ImageColor.AsStored);
            (Channels, Height, Width) = (pixels.Channels, pixels.Height, pixels.Width);
        }
        _labels[datum.Label] = _labels.TryGetValue(datum.Label, out long count) ? count + 1 : 1;
    }
}
