using Cortado.Data;

namespace Cortado.Lmdb;

using static LmdbFormat;

/// <summary>A position in an <see cref="LmdbDatabase"/>. Keys and values are views of the mapped file, not copies.</summary>
public sealed unsafe class LmdbCursor : IRecordCursor
{
    private readonly MappedFile _file;
    private readonly LmdbTree _tree;
    private readonly int _pageSize;
    private readonly long _lastPage;
    private readonly long[] _pages;
    private readonly int[] _indexes;
    private byte* _start;
    private byte* _key;
    private int _keyLength;
    private State _state;

    internal LmdbCursor(MappedFile file, LmdbTree tree, int pageSize, long lastPage)
    {
        _file = file;
        _tree = tree;
        _pageSize = pageSize;
        _lastPage = lastPage;
        _pages = new long[Math.Max(1, (int)tree.Depth)];
        _indexes = new int[_pages.Length];
        _start = file.Acquire();
    }

    private enum State
    {
        BeforeFirst,
        OnRecord,
        AtEnd,
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Key
    {
        get
        {
            CheckOnRecord();
            return new ReadOnlySpan<byte>(_key, _keyLength);
        }
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Value
    {
        get
        {
            CheckOnRecord();
            int leaf = _pages.Length - 1;
            LmdbLeafValue value = PageAt(leaf).Value(_indexes[leaf]);
            return value.IsBig ? Overflow(value.OverflowPage, value.Length) : value.Stored;
        }
    }

    /// <inheritdoc/>
    public bool MoveToFirst()
    {
        CheckOpen();
        if (_tree.Root == NoPage) return End();
        Descend(0, _tree.Root, ReadOnlySpan<byte>.Empty, first: true);
        return OnRecord();
    }

    /// <inheritdoc/>
    public bool MoveNext()
    {
        if (_state == State.BeforeFirst) return MoveToFirst();
        if (_state == State.AtEnd) return false;
        CheckOpen();
        byte* before = _key;
        int beforeLength = _keyLength;
        if (!Step()) return End();
        OnRecord();

        // Ascending keys prove that a damaged tree is not walked in circles.
        if (new ReadOnlySpan<byte>(before, beforeLength).SequenceCompareTo(new ReadOnlySpan<byte>(_key, _keyLength)) >= 0)
        {
            string found = $"key {KeyText.Of(new ReadOnlySpan<byte>(_key, _keyLength))} comes after {KeyText.Of(new ReadOnlySpan<byte>(before, beforeLength))}";
            _state = State.AtEnd;
            throw LmdbPage.Broken(_file.Path, _pages[_pages.Length - 1], found, "ascending keys");
        }

        return true;
    }

    /// <inheritdoc/>
    public bool Seek(ReadOnlySpan<byte> key)
    {
        CheckOpen();
        if (_tree.Root == NoPage) return End();
        Descend(0, _tree.Root, key, first: false);
        int leaf = _pages.Length - 1;
        if (_indexes[leaf] == PageAt(leaf).Count)
        {
            _indexes[leaf]--;
            if (!Step()) return End();
        }

        return OnRecord();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_start == null) return;
        _start = null;
        _key = null;
        _state = State.AtEnd;
        _file.Release();
    }

    /// <summary>Goes to the next node in key order.</summary>
    private bool Step()
    {
        for (int level = _pages.Length - 1; level >= 0; level--)
        {
            LmdbPage page = PageAt(level);
            if (_indexes[level] + 1 >= page.Count) continue;
            _indexes[level]++;
            if (level < _pages.Length - 1) Descend(level + 1, page.Child(_indexes[level]), ReadOnlySpan<byte>.Empty, first: true);
            return true;
        }

        return false;
    }

    private void Descend(int level, long number, ReadOnlySpan<byte> key, bool first)
    {
        int leaf = _pages.Length - 1;
        for (; ; level++)
        {
            _pages[level] = number;
            LmdbPage page = PageAt(level);
            if (level == leaf)
            {
                _indexes[level] = first ? 0 : page.LowerBound(key);
                return;
            }

            _indexes[level] = first ? 0 : page.ChildFor(key);
            number = page.Child(_indexes[level]);
        }
    }

    private bool OnRecord()
    {
        int leaf = _pages.Length - 1;
        ReadOnlySpan<byte> key = PageAt(leaf).Key(_indexes[leaf]);
        _keyLength = key.Length;
        fixed (byte* start = key) _key = start;
        _state = State.OnRecord;
        return true;
    }

    private bool End()
    {
        _state = State.AtEnd;
        return false;
    }

    private LmdbPage PageAt(int level)
    {
        long number = _pages[level];
        CheckNumber(number);
        return new LmdbPage(new ReadOnlySpan<byte>(_start + number * _pageSize, _pageSize), number, level == _pages.Length - 1, _file.Path);
    }

    private void CheckNumber(long number)
    {
        if (number < 2 || number > _lastPage || number >= _file.Length / _pageSize)
        {
            throw LmdbPage.Broken(_file.Path, number, "the tree points to it",
                FormattableString.Invariant($"a page from 2 to {Math.Min(_lastPage, _file.Length / _pageSize - 1)}"));
        }
    }

    private ReadOnlySpan<byte> Overflow(long number, uint length)
    {
        CheckNumber(number);
        byte* page = _start + number * _pageSize;
        var header = new ReadOnlySpan<byte>(page, PageHeader);
        long own = I64(header, 0);
        int kind = U16(header, 10) & KindMask;
        uint pages = U32(header, 12);
        if (own != number || kind != LmdbFormat.Overflow)
        {
            throw LmdbPage.Broken(_file.Path, number, FormattableString.Invariant($"it carries the number {own} and kind 0x{kind:X}"),
                $"an overflow page with the value of record {KeyText.Of(Key)}");
        }

        if (PageHeader + (long)length > (long)pages * _pageSize || number * _pageSize + PageHeader + length > _file.Length)
        {
            throw LmdbPage.Broken(_file.Path, number,
                FormattableString.Invariant($"record {KeyText.Of(Key)} has {length} bytes on {pages} pages of a file of {_file.Length} bytes"),
                "that they hold it");
        }

        if (length > int.MaxValue)
            throw new CortadoException(FormattableString.Invariant($"{_file.Path}: record {KeyText.Of(Key)} has {length} bytes; at most {int.MaxValue} can be read."));
        return new ReadOnlySpan<byte>(page + PageHeader, (int)length);
    }

    private void CheckOpen()
    {
        if (_start == null) throw new ObjectDisposedException(nameof(LmdbCursor));
    }

    private void CheckOnRecord()
    {
        CheckOpen();
        if (_state != State.OnRecord) throw new InvalidOperationException("The cursor stands on no record.");
    }
}
