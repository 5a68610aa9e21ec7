using Cortado.Data;

namespace Cortado.Lmdb;

/// <summary>
/// An LMDB opened for reading, in managed code. It takes no lock and creates no lock file, so read-only folders work and other
/// readers and a writing program are not disturbed. It shows the state that was committed last when it was opened.
/// </summary>
/// <remarks>
/// Files written by liblmdb 0.9 in 64-bit programs (Caffe's, on Linux, macOS or Windows) and by <see cref="LmdbWriter"/>.
/// Because readers are not registered, a liblmdb program that goes on writing may reuse pages that this snapshot still shows:
/// records may then be stale, or reading ends with an error. <see cref="LmdbWriter"/> never reuses pages.
/// </remarks>
public sealed class LmdbDatabase : IRecordDatabase
{
    private readonly MappedFile _file;
    private bool _disposed;

    private unsafe LmdbDatabase(string path, MappedFile file)
    {
        Path = path;
        _file = file;
        byte* start = file.Acquire();
        try
        {
            var head = new ReadOnlySpan<byte>(start, (int)Math.Min(file.Length, 2L * LmdbFormat.MaxPageSize));
            Meta = LmdbMeta.Choose(head, file.Path);
        }
        finally
        {
            file.Release();
        }

        // The smallest record takes 2 bytes of index, 8 of header and 1 of key.
        if (Meta.Main.Entries > file.Length / 11)
        {
            throw new CortadoException(FormattableString.Invariant(
                $"{file.Path}: broken LMDB: its meta page counts {Meta.Main.Entries} records, more than fit into its {file.Length} bytes."));
        }
    }

    /// <inheritdoc/>
    public string Path { get; }

    /// <inheritdoc/>
    public long Count => Meta.Main.Entries;

    /// <summary>The page size of the file, in bytes.</summary>
    public int PageSize => Meta.PageSize;

    internal LmdbMeta Meta { get; }

    /// <summary>Opens a database.</summary>
    /// <param name="path">Its folder, or its data file.</param>
    /// <exception cref="CortadoException">There is none, or it cannot be read.</exception>
    public static LmdbDatabase Open(string path)
    {
        var file = new MappedFile(LmdbPath.Existing(path));
        try
        {
            return new LmdbDatabase(path, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Opens a cursor, standing before the first record. Its values lie in the mapped file: they stay valid as long as the cursor is not disposed.</summary>
    public LmdbCursor OpenCursor()
    {
        if (_disposed) throw new ObjectDisposedException(nameof(LmdbDatabase));
        return new LmdbCursor(_file, Meta.Main, Meta.PageSize, Meta.LastPage);
    }

    IRecordCursor IRecordDatabase.OpenCursor() => OpenCursor();

    /// <summary>Closes the file, once every cursor is disposed too.</summary>
    public void Dispose()
    {
        _disposed = true;
        _file.Dispose();
    }
}
