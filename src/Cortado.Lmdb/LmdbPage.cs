namespace Cortado.Lmdb;

using static LmdbFormat;

/// <summary>A checked view of a branch or leaf page: no offset or length in it is trusted.</summary>
internal readonly ref struct LmdbPage
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly string _path;

    /// <summary>Wraps the bytes of a page that is expected at this level of a tree.</summary>
    public LmdbPage(ReadOnlySpan<byte> bytes, long number, bool leaf, string path)
    {
        _bytes = bytes;
        _path = path;
        Number = number;
        int kind = U16(bytes, 10) & KindMask;
        int lower = U16(bytes, 12), upper = U16(bytes, 14);
        long own = I64(bytes, 0);
        if (own != number) throw Broken(path, number, FormattableString.Invariant($"it carries the number {own}"), "its own number");
        if (kind != (leaf ? Leaf : Branch))
            throw Broken(path, number, $"it is {KindName(kind)}", leaf ? "a leaf page" : "a branch page");
        if (lower < PageHeader || (lower & 1) != 0 || upper < lower || upper > bytes.Length)
        {
            throw Broken(path, number, FormattableString.Invariant($"its free space is {lower}..{upper}"),
                FormattableString.Invariant($"even bounds within {PageHeader}..{bytes.Length}"));
        }

        Count = (lower - PageHeader) / 2;
        if (Count == 0) throw Broken(path, number, "it is empty", "at least one node");
    }

    public long Number { get; }

    public int Count { get; }

    public ReadOnlySpan<byte> Key(int index)
    {
        int offset = NodeOffset(index, out int keyLength);
        return _bytes.Slice(offset + NodeHeader, keyLength);
    }

    /// <summary>The page that a branch node points to.</summary>
    public long Child(int index)
    {
        int offset = NodeOffset(index, out _);
        return U32(_bytes, offset) | ((long)U16(_bytes, offset + 4) << 32);
    }

    /// <summary>The value of a leaf node: its length, and either its bytes or the 8 bytes that name its first overflow page.</summary>
    public LmdbLeafValue Value(int index)
    {
        int offset = NodeOffset(index, out int keyLength);
        uint length = U32(_bytes, offset);
        int flags = U16(_bytes, offset + 4);
        int start = offset + NodeHeader + keyLength;
        if ((flags & (SubData | DupData)) != 0)
        {
            throw new CortadoException(
                $"{_path}: record {KeyText.Of(Key(index))} is a named database or a list of values; only plain databases, as Caffe makes them, can be read.");
        }

        bool big = (flags & BigData) != 0;
        long stored = big ? sizeof(long) : length;
        if (start + stored > _bytes.Length)
        {
            throw Broken(_path, Number, FormattableString.Invariant($"node {index} has {stored} bytes at offset {start}"),
                FormattableString.Invariant($"an end within the page's {_bytes.Length} bytes"));
        }

        return new LmdbLeafValue(_bytes.Slice(start, (int)stored), length, big);
    }

    /// <summary>The last child that can hold a key: the last whose key is not greater.</summary>
    public int ChildFor(ReadOnlySpan<byte> key)
    {
        int low = 1, high = Count;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (Key(middle).SequenceCompareTo(key) <= 0) low = middle + 1;
            else high = middle;
        }

        return low - 1;
    }

    /// <summary>The first node of a leaf whose key is not smaller; <see cref="Count"/> where there is none.</summary>
    public int LowerBound(ReadOnlySpan<byte> key)
    {
        int low = 0, high = Count;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (Key(middle).SequenceCompareTo(key) < 0) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    private int NodeOffset(int index, out int keyLength)
    {
        int offset = U16(_bytes, PageHeader + 2 * index);
        if (offset < PageHeader + 2 * Count || offset + NodeHeader > _bytes.Length)
        {
            throw Broken(_path, Number, FormattableString.Invariant($"node {index} stands at offset {offset}"),
                FormattableString.Invariant($"an offset within {PageHeader + 2 * Count}..{_bytes.Length - NodeHeader}"));
        }

        keyLength = U16(_bytes, offset + 6);
        if (offset + NodeHeader + keyLength > _bytes.Length)
        {
            throw Broken(_path, Number, FormattableString.Invariant($"node {index} has a key of {keyLength} bytes at offset {offset}"),
                FormattableString.Invariant($"an end within the page's {_bytes.Length} bytes"));
        }

        return offset;
    }

    public static CortadoException Broken(string path, long page, string found, string expected) => new(FormattableString.Invariant(
        $"{path}: broken LMDB at page {page}: {found}; expected {expected}. The file is damaged or cut short, or another program is writing to it."));

    private static string KindName(int kind) => kind switch
    {
        Branch => "a branch page",
        Leaf => "a leaf page",
        Overflow => "an overflow page",
        Meta => "a meta page",
        Leaf | Leaf2 => "a page of fixed-size duplicates",
        _ => FormattableString.Invariant($"of unknown kind 0x{kind:X}"),
    };
}

/// <summary>The value of a leaf node as it is stored.</summary>
internal readonly ref struct LmdbLeafValue
{
    public LmdbLeafValue(ReadOnlySpan<byte> stored, uint length, bool isBig)
    {
        Stored = stored;
        Length = length;
        IsBig = isBig;
    }

    public ReadOnlySpan<byte> Stored { get; }

    public uint Length { get; }

    public bool IsBig { get; }

    public long OverflowPage => I64(Stored, 0);
}
