using Cortado.Data;

namespace Cortado.Training;

/// <summary>How a folder of images becomes databases for a training.</summary>
public sealed record FolderConversion
{
    /// <summary>Describes a conversion.</summary>
    /// <param name="source">The folder, with a sub-folder for each class.</param>
    /// <param name="target">The folder that gets <c>train_lmdb</c>, <c>val_lmdb</c> and <c>labels.txt</c>.</param>
    public FolderConversion(string source, string target)
    {
        Source = source;
        Target = target;
    }

    /// <summary>The folder, with a sub-folder for each class.</summary>
    public string Source { get; init; }

    /// <summary>The folder that gets <c>train_lmdb</c>, <c>val_lmdb</c> and <c>labels.txt</c>.</summary>
    public string Target { get; init; }

    /// <summary>The share of each class that goes into the test database; 0 makes none.</summary>
    public double TestShare { get; init; } = 0.2;

    /// <summary>Rows and columns to resize to; 0 keeps the images' own.</summary>
    public int Size { get; init; }

    /// <summary>The training database.</summary>
    public string Train => Path.Combine(Target, "train_lmdb");

    /// <summary>The test database; null for none.</summary>
    public string? Test => TestShare > 0 ? Path.Combine(Target, "val_lmdb") : null;

    /// <summary>Converts; databases that are there already are replaced when the new ones are whole.</summary>
    /// <param name="create">Starts a database at a path, replacing one that is there.</param>
    /// <param name="progress">Is told how far the work is, over both databases.</param>
    /// <param name="cancel">Stops the work; nothing is replaced then.</param>
    /// <returns>What people should know about it, a sentence each.</returns>
    /// <exception cref="CortadoException">There are no images, or a database cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<string> Run(Func<string, IRecordWriter> create, IProgress<DataProgress>? progress = null, CancellationToken cancel = default)
    {
        ImageSet all = ImageSet.FromFolder(Source);
        (ImageSet train, ImageSet test) = all.Split(TestShare, seed: 1);
        var notes = new List<string>();
        if (all.OtherFiles.Count > 0) notes.Add($"{all.OtherFiles.Count} files are no images by their names and were left out, the first: {all.OtherFiles[0]}");
        Convert(train, Train, 0, all.Entries.Count, create, progress, notes, cancel);
        if (Test != null && test.Entries.Count > 0) Convert(test, Test, train.Entries.Count, all.Entries.Count, create, progress, notes, cancel);
        LabelsFile.Write(LabelsFile.Beside(Train), all.ClassNames, overwrite: true);
        return notes;
    }

    private void Convert(
        ImageSet set, string path, int before, int total, Func<string, IRecordWriter> create, IProgress<DataProgress>? progress, List<string> notes, CancellationToken cancel)
    {
        using IRecordWriter writer = create(path);
        var options = new ConversionOptions { Height = Size, Width = Size, Shuffle = true };
        ConversionResult result = ImageSetConverter.Convert(set, writer, options, progress == null ? null : new Moved(progress, before, total), cancel);
        foreach (SkippedImage skipped in result.Skipped.Take(5)) notes.Add($"Skipped {skipped.Path}: {skipped.Reason}");
        if (result.Skipped.Count > 5) notes.Add($"Skipped {result.Skipped.Count - 5} more.");
        if (result.FirstOfOtherSize != null) notes.Add($"Not all images are of one size (the first other one: {result.FirstOfOtherSize}); give a size to resize them to.");
    }

    private sealed class Moved : IProgress<DataProgress>
    {
        private readonly IProgress<DataProgress> _progress;
        private readonly int _before, _total;

        public Moved(IProgress<DataProgress> progress, int before, int total)
        {
            _progress = progress;
            _before = before;
            _total = total;
        }

        public void Report(DataProgress value) => _progress.Report(new DataProgress(_before + value.Done, _total, value.Skipped));
    }
}
