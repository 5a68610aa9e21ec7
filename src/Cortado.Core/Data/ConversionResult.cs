namespace Cortado.Data;

/// <summary>How images become records.</summary>
public sealed class ConversionOptions
{
    /// <summary>Rows to resize to; 0 keeps the image's. Set with <see cref="Width"/> or not at all.</summary>
    public int Height { get; init; }

    /// <summary>Columns to resize to; 0 keeps the image's.</summary>
    public int Width { get; init; }

    /// <summary>One gray plane instead of blue, green and red.</summary>
    public bool Gray { get; init; }

    /// <summary>Writes the images in a random order.</summary>
    public bool Shuffle { get; init; }

    /// <summary>The seed of the order.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Keeps image files as they are, to be decoded in training: smaller, but slower to read. An image that has to be changed is stored as PNG.</summary>
    public bool Encoded { get; init; }

    /// <summary>Threads that decode; 0 for as many as the machine has.</summary>
    public int Threads { get; init; }
}

/// <summary>How far a conversion or a mean has come.</summary>
public readonly struct DataProgress
{
    /// <summary>Creates a report.</summary>
    public DataProgress(long done, long total, int skipped)
    {
        Done = done;
        Total = total;
        Skipped = skipped;
    }

    /// <summary>Images or records dealt with, skipped ones included.</summary>
    public long Done { get; }

    /// <summary>Images or records in all.</summary>
    public long Total { get; }

    /// <summary>Images that could not be read.</summary>
    public int Skipped { get; }
}

/// <summary>An image that could not be used.</summary>
public readonly struct SkippedImage
{
    /// <summary>Creates an entry.</summary>
    public SkippedImage(string path, string reason)
    {
        Path = path;
        Reason = reason;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Why.</summary>
    public string Reason { get; }
}

/// <summary>What a conversion did.</summary>
public sealed class ConversionResult
{
    /// <summary>Records written.</summary>
    public long Written { get; internal set; }

    /// <summary>Images that could not be read, in the order of the set.</summary>
    public IReadOnlyList<SkippedImage> Skipped { get; internal set; } = Array.Empty<SkippedImage>();

    /// <summary>Records of each label.</summary>
    public IReadOnlyDictionary<int, long> Labels { get; internal set; } = new SortedDictionary<int, long>();

    /// <summary>Channels, height and width of the first image.</summary>
    public (int Channels, int Height, int Width) Size { get; internal set; }

    /// <summary>The first image that is not of the first one's size; null where all are alike. Training then needs a crop_size or resized images.</summary>
    public string? FirstOfOtherSize { get; internal set; }
}
