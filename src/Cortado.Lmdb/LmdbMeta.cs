namespace Cortado.Lmdb;

using static LmdbFormat;

/// <summary>A meta page: the state of the database after one transaction. A file has two; the newer valid one counts.</summary>
internal struct LmdbMeta
{
    public long MapSize;
    public LmdbTree Free;
    public LmdbTree Main;
    public long LastPage;
    public long Transaction;

    public readonly int PageSize => (int)Free.Pad;

    /// <summary>Chooses between a file's two meta pages.</summary>
    /// <param name="head">The first bytes of the file, two pages of the largest page size or the whole file if it is shorter.</param>
    /// <param name="path">The file, for messages.</param>
    public static LmdbMeta Choose(ReadOnlySpan<byte> head, string path)
    {
        LmdbMeta? first = TryRead(head, 0, out string? firstFault);
        LmdbMeta? second = null;
        if (first is { } meta)
        {
            second = TryRead(head, meta.PageSize, out _);
        }
        else
        {
            // The first page is broken, so nothing tells the page size: the second meta page stands at one of the few possible places.
            for (int size = MinPageSize; size <= MaxPageSize && second == null; size *= 2) second = TryRead(head, size, out _);
        }

        if (first == null && second == null) throw NotLmdb(head, path, firstFault!);
        LmdbMeta chosen = first == null ? second!.Value
            : second == null || second.Value.Transaction <= first.Value.Transaction ? first.Value
            : second.Value;
        chosen.Validate(path);
        return chosen;
    }

    public readonly void Write(Span<byte> page, int pageNumber)
    {
        page.Clear();
        PutI64(page, 0, pageNumber);
        PutU16(page, 10, Meta);
        Span<byte> b = page.Slice(PageHeader);
        PutU32(b, 0, Magic);
        PutU32(b, 4, Version);
        PutI64(b, 16, MapSize);
        Free.Write(b.Slice(24));
        Main.Write(b.Slice(72));
        PutI64(b, 120, LastPage);
        PutI64(b, 128, Transaction);
    }

    private static LmdbMeta? TryRead(ReadOnlySpan<byte> head, int offset, out string? fault)
    {
        if (head.Length < offset + PageHeader + MetaLength)
        {
            fault = FormattableString.Invariant($"the file ends after {head.Length} bytes, inside its first page");
            return null;
        }

        ReadOnlySpan<byte> b = head.Slice(offset + PageHeader);
        uint magic = U32(b, 0), version = U32(b, 4);
        if (magic != Magic)
        {
            fault = FormattableString.Invariant($"page 0 has the number 0x{magic:X8} where LMDB's mark 0x{Magic:X8} is expected");
            return null;
        }

        if (version != Version)
        {
            fault = FormattableString.Invariant($"its data version is {version}; version {Version} is expected (liblmdb 0.9)");
            return null;
        }

        var meta = new LmdbMeta
        {
            MapSize = I64(b, 16),
            Free = LmdbTree.Read(b.Slice(24)),
            Main = LmdbTree.Read(b.Slice(72)),
            LastPage = I64(b, 120),
            Transaction = I64(b, 128),
        };
        if (!IsPageSize(meta.Free.Pad) || (offset != 0 && offset != meta.PageSize))
        {
            fault = FormattableString.Invariant($"its page size is {meta.Free.Pad}; a power of two from {MinPageSize} to {MaxPageSize} is expected");
            return null;
        }

        fault = null;
        return meta;
    }

    private readonly void Validate(string path)
    {
        if (Main.Flags != 0)
        {
            throw new CortadoException(FormattableString.Invariant(
                $"{path}: an LMDB with database flags 0x{Main.Flags:X} (several values per key, or keys in another order). Only plain databases, as Caffe makes them, can be read."));
        }

        CheckTree(Main, "record", path);
        CheckTree(Free, "free-page", path);
    }

    private static void CheckTree(in LmdbTree tree, string name, string path)
    {
        string? fault =
            tree.Depth > MaxDepth ? FormattableString.Invariant($"a depth of {tree.Depth}; at most {MaxDepth} is expected")
            : tree.Entries < 0 ? FormattableString.Invariant($"{unchecked((ulong)tree.Entries)} entries")
            : tree.Root == NoPage && tree.Entries != 0 ? FormattableString.Invariant($"{tree.Entries} entries but no root page")
            : tree.Root != NoPage && tree.Depth == 0 ? FormattableString.Invariant($"root page {tree.Root} but a depth of 0")
            : null;
        if (fault != null) throw new CortadoException($"{path}: broken LMDB: its meta page gives the {name} tree {fault}.");
    }

    private static CortadoException NotLmdb(ReadOnlySpan<byte> head, string path, string fault)
    {
        if (head.Length >= 16 && U32(head, 12) == Magic)
        {
            return new CortadoException(
                $"{path}: this LMDB was written by a 32-bit program, whose files have another layout. Convert it on the machine that wrote it: mdb_dump there, mdb_load with 64-bit tools.");
        }

        if (head.Length >= 20 && U32(head, 16) == 0xDEC0EFBE)
            return new CortadoException($"{path}: this LMDB was written on a big-endian machine and cannot be read here. Convert it with mdb_dump there and mdb_load here.");
        return new CortadoException($"{path}: not an LMDB data file: {fault}.");
    }
}
