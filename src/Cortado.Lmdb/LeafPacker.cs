namespace Cortado.Lmdb;

using static LmdbFormat;

/// <summary>A record as a leaf holds it: a value within the page, or the number of its first overflow page.</summary>
internal readonly ref struct LeafNode
{
    public LeafNode(ReadOnlySpan<byte> key, ReadOnlySpan<byte> stored, uint length, bool isBig)
    {
        Key = key;
        Stored = stored;
        Length = length;
        IsBig = isBig;
    }

    public ReadOnlySpan<byte> Key { get; }

    public ReadOnlySpan<byte> Stored { get; }

    public uint Length { get; }

    public bool IsBig { get; }
}

/// <summary>A finished page as its parent needs it: its smallest key and its number.</summary>
internal readonly struct ChildPage
{
    public ChildPage(byte[] key, long page)
    {
        Key = key;
        Page = page;
    }

    public byte[] Key { get; }

    public long Page { get; }
}

/// <summary>Fills leaf pages with nodes that come in key order.</summary>
internal sealed class LeafPacker
{
    private readonly PageFile _file;
    private readonly Action<ChildPage> _finished;
    private readonly byte[] _page;
    private byte[] _firstKey = Array.Empty<byte>();
    private int _count;
    private int _upper;

    public LeafPacker(PageFile file, Action<ChildPage> finished)
    {
        _file = file;
        _finished = finished;
        _page = new byte[file.PageSize];
        _upper = file.PageSize;
    }

    public void Add(in LeafNode node)
    {
        int length = Even(NodeHeader + node.Key.Length + node.Stored.Length);
        if (PageHeader + 2 * (_count + 1) + length > _upper) Finish();
        if (_count == 0) _firstKey = node.Key.ToArray();
        _upper -= length;
        Span<byte> bytes = _page.AsSpan(_upper, length);
        PutU32(bytes, 0, node.Length);
        PutU16(bytes, 4, node.IsBig ? BigData : 0);
        PutU16(bytes, 6, node.Key.Length);
        node.Key.CopyTo(bytes.Slice(NodeHeader));
        node.Stored.CopyTo(bytes.Slice(NodeHeader + node.Key.Length));
        PutU16(_page, PageHeader + 2 * _count++, _upper);
    }

    /// <summary>Writes the page at hand, if there is anything on it.</summary>
    public void Finish()
    {
        if (_count == 0) return;
        PutU16(_page, 10, Leaf);
        PutU16(_page, 12, PageHeader + 2 * _count);
        PutU16(_page, 14, _upper);
        long number = _file.Append(_page);
        Array.Clear(_page, 0, _page.Length);
        _count = 0;
        _upper = _file.PageSize;
        _finished(new ChildPage(_firstKey, number));
    }
}
