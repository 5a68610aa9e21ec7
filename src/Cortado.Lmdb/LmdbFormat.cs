using System.Buffers.Binary;

namespace Cortado.Lmdb;

/// <summary>
/// Numbers of LMDB's on-disk format, data version 1, as liblmdb 0.9 writes it on a 64-bit little-endian machine
/// (the structures MDB_page, MDB_meta, MDB_db and MDB_node of its mdb.c).
/// </summary>
internal static class LmdbFormat
{
    public const uint Magic = 0xBEEFC0DE;
    public const uint Version = 1;

    public const int PageHeader = 16;
    public const int MetaLength = 136;
    public const int NodeHeader = 8;
    public const int MinPageSize = 256;
    public const int MaxPageSize = 32768;
    public const int DefaultPageSize = 4096;
    public const int MaxKeyLength = 511;
    public const int MaxDepth = 32;

    // Page flags.
    public const ushort Branch = 0x01, Leaf = 0x02, Overflow = 0x04, Meta = 0x08, Leaf2 = 0x20, SubPage = 0x40;
    public const ushort KindMask = Branch | Leaf | Overflow | Meta | Leaf2 | SubPage;

    // Node flags.
    public const ushort BigData = 0x01, SubData = 0x02, DupData = 0x04;

    // Database flags.
    public const ushort IntegerKey = 0x08;

    /// <summary>The root of an empty tree.</summary>
    public const long NoPage = -1;

    /// <summary>The largest node that stays in a leaf; a larger one has its value on overflow pages.</summary>
    public static int NodeMax(int pageSize) => (((pageSize - PageHeader) / 2) & ~1) - sizeof(ushort);

    public static int OverflowPages(long length, int pageSize) => (int)((PageHeader - 1 + length) / pageSize) + 1;

    public static int Even(int length) => (length + 1) & ~1;

    public static bool IsPageSize(long size) => size >= MinPageSize && size <= MaxPageSize && (size & (size - 1)) == 0;

    public static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.Slice(at));

    public static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.Slice(at));

    public static long I64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes.Slice(at));

    public static void PutU16(Span<byte> bytes, int at, int value) => BinaryPrimitives.WriteUInt16LittleEndian(bytes.Slice(at), checked((ushort)value));

    public static void PutU32(Span<byte> bytes, int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes.Slice(at), value);

    public static void PutI64(Span<byte> bytes, int at, long value) => BinaryPrimitives.WriteInt64LittleEndian(bytes.Slice(at), value);
}
