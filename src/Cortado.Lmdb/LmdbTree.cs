namespace Cortado.Lmdb;

using static LmdbFormat;

/// <summary>What a meta page says about one tree (MDB_db): where its root is and how much is in it.</summary>
internal struct LmdbTree
{
    public const int Length = 48;

    public uint Pad;
    public ushort Flags;
    public ushort Depth;
    public long BranchPages;
    public long LeafPages;
    public long OverflowPages;
    public long Entries;
    public long Root;

    public static LmdbTree Empty(ushort flags, uint pad) => new() { Flags = flags, Pad = pad, Root = NoPage };

    public static LmdbTree Read(ReadOnlySpan<byte> b) => new()
    {
        Pad = U32(b, 0),
        Flags = U16(b, 4),
        Depth = U16(b, 6),
        BranchPages = I64(b, 8),
        LeafPages = I64(b, 16),
        OverflowPages = I64(b, 24),
        Entries = I64(b, 32),
        Root = I64(b, 40),
    };

    public readonly void Write(Span<byte> b)
    {
        PutU32(b, 0, Pad);
        PutU16(b, 4, Flags);
        PutU16(b, 6, Depth);
        PutI64(b, 8, BranchPages);
        PutI64(b, 16, LeafPages);
        PutI64(b, 24, OverflowPages);
        PutI64(b, 32, Entries);
        PutI64(b, 40, Root);
    }
}
