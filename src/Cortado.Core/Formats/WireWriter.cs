using Google.Protobuf;

namespace Cortado.Formats;

/// <summary>Writes pieces of a protobuf message to a stream, and refuses to pass the 2 GiB at which readers give up.</summary>
internal sealed class WireWriter
{
    private readonly Stream _stream;
    private readonly string _name;
    private readonly byte[] _buffer = new byte[20];
    private long _total;

    public WireWriter(Stream stream, string name)
    {
        _stream = stream;
        _name = name;
    }

    public static int VarintSize(ulong value)
    {
        int size = 1;
        for (; value >= 0x80; value >>= 7)
        {
            size++;
        }

        return size;
    }

    /// <summary>Bytes of a field's tag and length.</summary>
    public static int HeaderSize(int field, long length) => VarintSize(Tag(field, WireFormat.WireType.LengthDelimited)) + VarintSize((ulong)length);

    /// <summary>Starts a field whose value has a length.</summary>
    public void WriteHeader(int field, long length)
    {
        if (_total + length > int.MaxValue)
        {
            throw new CortadoException($"{_name}: would be larger than 2 GiB, which neither Caffe nor any protobuf reader can read; nothing was written.");
        }

        int size = Put(0, Tag(field, WireFormat.WireType.LengthDelimited));
        WriteRaw(_buffer.AsSpan(0, Put(size, (ulong)length)));
    }

    public void WriteNumber(int field, long value)
    {
        int size = Put(0, Tag(field, WireFormat.WireType.Varint));
        WriteRaw(_buffer.AsSpan(0, Put(size, (ulong)value)));
    }

    public void WriteVarint(ulong value) => WriteRaw(_buffer.AsSpan(0, Put(0, value)));

    public void WriteRaw(ReadOnlySpan<byte> bytes)
    {
        _stream.Write(bytes);
        _total += bytes.Length;
    }

    public void Flush() => _stream.Flush();

    private static ulong Tag(int field, WireFormat.WireType type) => ((ulong)field << 3) | (uint)type;

    private int Put(int at, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            _buffer[at++] = (byte)(value | 0x80);
        }

        _buffer[at++] = (byte)value;
        return at;
    }
}
