namespace Cortado.Lmdb;

using static LmdbFormat;

/// <summary>A record that waits to be merged into a tree.</summary>
internal sealed class PendingRecord
{
    public PendingRecord(byte[] key, byte[] stored, uint length, bool isBig)
    {
        Key = key;
        Stored = stored;
        Length = length;
        IsBig = isBig;
    }

    public byte[] Key { get; }

    public byte[] Stored { get; }

    public uint Length { get; }

    public bool IsBig { get; }

    public LeafNode Node => new(Key, Stored, Length, IsBig);
}

/// <summary>
/// Merges records into a tree by copy-on-write: each page on the way to a record is written anew at the end of the file, the
/// old pages stay as they are, so a reader of the old root notices nothing.
/// </summary>
internal sealed class TreeUpdate
{
    private readonly PageFile _file;
    private readonly List<PendingRecord> _records;
    private readonly bool _integerKeys;
    private LmdbTree _tree;

    private TreeUpdate(PageFile file, LmdbTree tree, List<PendingRecord> records)
    {
        _file = file;
        _tree = tree;
        _records = records;
        _integerKeys = (tree.Flags & IntegerKey) != 0;
    }

    /// <summary>The pages that the new tree no longer uses.</summary>
    private List<long> Freed { get; } = new();

    /// <summary>Merges records, in ascending order and without repeated keys. A record replaces the one that has its key.</summary>
    public static LmdbTree Apply(PageFile file, LmdbTree tree, List<PendingRecord> records, List<long> freed)
    {
        if (records.Count == 0) return tree;
        if (tree.Root == NoPage)
        {
            var builder = new TreeBuilder(file, tree);
            foreach (PendingRecord record in records) builder.Add(record.Node);
            return builder.Finish();
        }

        var update = new TreeUpdate(file, tree, records);
        List<ChildPage> pages = update.Merge(0, tree.Root, Array.Empty<byte>(), 0, records.Count);
        TreeBuilder.AddRoot(file, pages, ref update._tree);
        freed.AddRange(update.Freed);
        return update._tree;
    }

    /// <summary>The pages from the root to the leaf with the greatest keys.</summary>
    public static List<long> LastPath(PageFile file, in LmdbTree tree)
    {
        var path = new List<long>();
        if (tree.Root == NoPage) return path;
        byte[] bytes = new byte[file.PageSize];
        long number = tree.Root;
        for (int level = 0; level < tree.Depth; level++)
        {
            path.Add(number);
            bool leaf = level == tree.Depth - 1;
            file.Read(number, bytes);
            var page = new LmdbPage(bytes, number, leaf, file.Path);
            if (!leaf) number = page.Child(page.Count - 1);
        }

        return path;
    }

    private List<ChildPage> Merge(int level, long number, byte[] lowKey, int from, int to)
    {
        bool leaf = level == _tree.Depth - 1;
        byte[] bytes = new byte[_file.PageSize];
        _file.Read(number, bytes);
        var page = new LmdbPage(bytes, number, leaf, _file.Path);
        Freed.Add(number);
        List<ChildPage> result = leaf ? MergeLeaf(page, from, to) : MergeBranch(page, level, lowKey, from, to);

        // A smaller key than before can only come into the first page, whose own key is not compared.
        result[0] = new ChildPage(lowKey, result[0].Page);
        return result;
    }

    private List<ChildPage> MergeLeaf(LmdbPage page, int from, int to)
    {
        var result = new List<ChildPage>();
        var packer = new LeafPacker(_file, result.Add);
        int old = 0;
        while (old < page.Count || from < to)
        {
            int order = old == page.Count ? 1 : from == to ? -1 : Compare(page.Key(old), _records[from].Key);
            if (order <= 0)
            {
                LmdbLeafValue value = page.Value(old);
                if (order < 0)
                {
                    packer.Add(new LeafNode(page.Key(old), value.Stored, value.Length, value.IsBig));
                }
                else
                {
                    _tree.Entries--;
                    if (value.IsBig) Free(value.OverflowPage, value.Length);
                }

                old++;
            }

            if (order >= 0)
            {
                PendingRecord record = _records[from++];
                packer.Add(record.Node);
                _tree.Entries++;
                if (record.IsBig) _tree.OverflowPages += OverflowPages(record.Length, _file.PageSize);
            }
        }

        packer.Finish();
        _tree.LeafPages += result.Count - 1;
        return result;
    }

    private List<ChildPage> MergeBranch(LmdbPage page, int level, byte[] lowKey, int from, int to)
    {
        var result = new List<ChildPage>();
        var packer = new BranchPacker(_file, result.Add);
        for (int child = 0; child < page.Count; child++)
        {
            int end = to;
            if (child + 1 < page.Count)
            {
                ReadOnlySpan<byte> limit = page.Key(child + 1);
                end = from;
                while (end < to && Compare(_records[end].Key, limit) < 0) end++;
            }

            byte[] key = child == 0 ? lowKey : page.Key(child).ToArray();
            if (end == from)
            {
                packer.Add(new ChildPage(key, page.Child(child)));
            }
            else
            {
                foreach (ChildPage piece in Merge(level + 1, page.Child(child), key, from, end)) packer.Add(piece);
            }

            from = end;
        }

        packer.Finish();
        _tree.BranchPages += result.Count - 1;
        return result;
    }

    private int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) =>
        _integerKeys && left.Length == sizeof(long) && right.Length == sizeof(long)
            ? unchecked((ulong)I64(left, 0)).CompareTo(unchecked((ulong)I64(right, 0)))
            : left.SequenceCompareTo(right);

    private void Free(long page, uint length)
    {
        int count = OverflowPages(length, _file.PageSize);
        if (page < 2 || page > _file.NextPage - count)
        {
            throw LmdbPage.Broken(_file.Path, page, FormattableString.Invariant($"a value of {length} bytes starts there"),
                FormattableString.Invariant($"that its {count} pages lie within the file's {_file.NextPage}"));
        }

        _tree.OverflowPages -= count;
        for (int i = 0; i < count; i++) Freed.Add(page + i);
    }
}
