namespace Cortado.Lmdb;

using static LmdbFormat;

/// <summary>Fills branch pages with children that come in key order. No page gets fewer than two, as LMDB demands.</summary>
internal sealed class BranchPacker
{
    private readonly PageFile _file;
    private readonly Action<ChildPage> _finished;
    private readonly List<ChildPage> _children = new();
    private readonly byte[] _page;
    private int _used = PageHeader;

    public BranchPacker(PageFile file, Action<ChildPage> finished)
    {
        _file = file;
        _finished = finished;
        _page = new byte[file.PageSize];
    }

    /// <summary>Whether a page has been written.</summary>
    public bool HasFinished { get; private set; }

    /// <summary>The children that are not yet on a page.</summary>
    public IReadOnlyList<ChildPage> Waiting => _children;

    public void Add(in ChildPage child)
    {
        int length = NodeLength(child, first: _children.Count == 0);
        if (_used + length > _file.PageSize)
        {
            // The last child moves on together with the new one, so that the next page has two whatever follows.
            ChildPage last = _children[_children.Count - 1];
            _children.RemoveAt(_children.Count - 1);
            Write();
            _children.Add(last);
            _used += NodeLength(last, first: true);
            length = NodeLength(child, first: false);
        }

        _children.Add(child);
        _used += length;
    }

    public void Finish()
    {
        if (_children.Count > 0) Write();
    }

    private void Write()
    {
        Array.Clear(_page, 0, _page.Length);
        int upper = _file.PageSize;
        for (int i = 0; i < _children.Count; i++)
        {
            // The first key of a branch is never compared; LMDB leaves it out.
            ReadOnlySpan<byte> key = i == 0 ? ReadOnlySpan<byte>.Empty : _children[i].Key;
            int length = Even(NodeHeader + key.Length);
            upper -= length;
            Span<byte> bytes = _page.AsSpan(upper, length);
            PutU32(bytes, 0, (uint)_children[i].Page);
            PutU16(bytes, 4, (int)(_children[i].Page >> 32));
            PutU16(bytes, 6, key.Length);
            key.CopyTo(bytes.Slice(NodeHeader));
            PutU16(_page, PageHeader + 2 * i, upper);
        }

        PutU16(_page, 10, Branch);
        PutU16(_page, 12, PageHeader + 2 * _children.Count);
        PutU16(_page, 14, upper);
        var child = new ChildPage(_children[0].Key, _file.Append(_page));
        _children.Clear();
        _used = PageHeader;
        HasFinished = true;
        _finished(child);
    }

    private static int NodeLength(in ChildPage child, bool first) =>
        sizeof(ushort) + Even(NodeHeader + (first ? 0 : child.Key.Length));
}
