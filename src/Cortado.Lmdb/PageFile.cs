namespace Cortado.Lmdb;

using static LmdbFormat;

/// <summary>The file that a writer builds: pages are numbered and written in the order in which they are finished, and never changed.</summary>
internal sealed class PageFile : IDisposable
{
    private readonly FileStream _stream;
    private readonly byte[] _overflowHeader;
    private readonly byte[] _zeros;
    private bool _reading;

    public PageFile(FileStream stream, string path, int pageSize, long nextPage)
    {
        _stream = stream;
        Path = path;
        PageSize = pageSize;
        NextPage = nextPage;
        _overflowHeader = new byte[PageHeader];
        _zeros = new byte[pageSize];
        _stream.Position = nextPage * pageSize;
    }

    public string Path { get; }

    public int PageSize { get; }

    public long NextPage { get; private set; }

    /// <summary>Numbers a finished branch or leaf page and writes it.</summary>
    public long Append(byte[] page)
    {
        long number = NextPage++;
        PutI64(page, 0, number);
        GoToEnd(number);
        _stream.Write(page, 0, PageSize);
        return number;
    }

    /// <summary>Writes a value on pages of its own.</summary>
    /// <returns>The first of them.</returns>
    public long AppendOverflow(ReadOnlySpan<byte> value)
    {
        long number = NextPage;
        int pages = OverflowPages(value.Length, PageSize);
        NextPage += pages;
        PutI64(_overflowHeader, 0, number);
        PutU16(_overflowHeader, 10, Overflow);
        PutU32(_overflowHeader, 12, (uint)pages);
        GoToEnd(number);
        _stream.Write(_overflowHeader, 0, PageHeader);
        _stream.Write(value);
        _stream.Write(_zeros, 0, (int)((long)pages * PageSize - PageHeader - value.Length));
        return number;
    }

    public void Read(long number, byte[] page)
    {
        if (number < 2 || number >= NextPage) throw OutOfRange(number);
        _reading = true;
        _stream.Position = number * PageSize;
        int done = 0;
        while (done < PageSize)
        {
            int count = _stream.Read(page, done, PageSize - done);
            if (count == 0) throw OutOfRange(number);
            done += count;
        }
    }

    /// <summary>Waits until everything written is on the disk.</summary>
    public void Flush() => _stream.Flush(flushToDisk: true);

    /// <summary>Writes a meta page. Everything that it points to must have been flushed.</summary>
    public void WriteMeta(in LmdbMeta meta, int number)
    {
        byte[] page = new byte[PageSize];
        meta.Write(page, number);
        _reading = true;
        _stream.Position = (long)number * PageSize;
        _stream.Write(page, 0, PageSize);
    }

    public void Dispose() => _stream.Dispose();

    private void GoToEnd(long number)
    {
        if (!_reading) return;
        _stream.Position = number * PageSize;
        _reading = false;
    }

    private CortadoException OutOfRange(long number) => LmdbPage.Broken(Path, number, "the tree points to it",
        FormattableString.Invariant($"a page from 2 to {NextPage - 1} within the file"));
}
