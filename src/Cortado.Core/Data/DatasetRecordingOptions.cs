namespace Cortado.Data;

/// <summary>What a recording is made with.</summary>
public sealed class DatasetRecordingOptions
{
    /// <summary>Describes a recording.</summary>
    /// <param name="folder">Gets train_lmdb, val_lmdb and labels.txt.</param>
    /// <param name="labels">The names of the classes; label 0 first.</param>
    /// <param name="append">Opens a database to add records, making it where there is none.</param>
    /// <param name="open">Opens a database for reading.</param>
    public DatasetRecordingOptions(string folder, IReadOnlyList<string> labels, Func<string, IRecordWriter> append, Func<string, IRecordDatabase> open)
    {
        ThrowIf.Null(folder, nameof(folder));
        ThrowIf.Null(labels, nameof(labels));
        (Folder, Labels, Append, Open) = (folder, labels, append, open);
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>The names of the classes.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Opens a database to add records.</summary>
    public Func<string, IRecordWriter> Append { get; }

    /// <summary>Opens a database for reading.</summary>
    public Func<string, IRecordDatabase> Open { get; }

    /// <summary>The share of the examples that goes into the validation database, 0 to 1.</summary>
    public double ValidationShare { get; set; } = 0.2;

    /// <summary>A recording into the same folder that may not have ended yet: this one begins when it has.</summary>
    public DatasetRecording? After { get; set; }

    /// <summary>Called on the recording's thread when it is about to end and holds nothing any more.</summary>
    public Action? Ended { get; set; }

    /// <summary>The training database.</summary>
    public string TrainDatabase => Path.Combine(Folder, "train_lmdb");

    /// <summary>The validation database.</summary>
    public string ValidationDatabase => Path.Combine(Folder, "val_lmdb");
}
