namespace Cortado.Data;

/// <summary>
/// An endless sequence of batches, ready for a network: decoded, cropped, mirrored, mean subtracted and scaled. After the last
/// record comes the first again, also in the middle of a batch. The sequence depends on the data, the settings and the seed
/// only, never on the number of threads.
/// </summary>
/// <remarks>Used by one thread at a time.</remarks>
public interface IBatchSource : IDisposable
{
    /// <summary>Channels of an item.</summary>
    int Channels { get; }

    /// <summary>Height of an item after the transform, in pixels.</summary>
    int Height { get; }

    /// <summary>Width of an item after the transform, in pixels.</summary>
    int Width { get; }

    /// <summary>Items in a batch.</summary>
    int BatchSize { get; }

    /// <summary>Whether the batches carry labels.</summary>
    bool HasLabels { get; }

    /// <summary>Waits for the next batch. It stays valid until the following call of this method, of <see cref="Seek"/> or of Dispose.</summary>
    /// <exception cref="CortadoException">A record of the batch cannot be used.</exception>
    Batch Next();

    /// <summary>Records handed out so far: the data cursor that a checkpoint stores.</summary>
    long Position { get; }

    /// <summary>Continues exactly as if <paramref name="position"/> records had been handed out.</summary>
    void Seek(long position);
}
