namespace Cortado.Data;

/// <summary>Builds Datum messages with the bytes that Caffe's own tools write: fields in the order of their numbers, encoded always set.</summary>
/// <remarks>Keeps its buffer; one thread at a time.</remarks>
public sealed class DatumWriter
{
    private byte[] _buffer = Array.Empty<byte>();
    private int _length;

    /// <summary>The message written last. Valid until the next one.</summary>
    public ReadOnlySpan<byte> Message => _buffer.AsSpan(0, _length);

    /// <summary>Writes pixels, plane by plane.</summary>
    public void WritePixels(Image image, int label)
    {
        Start(image.Length);
        Number(1, image.Channels);
        Number(2, image.Height);
        Number(3, image.Width);
        Bytes(4, image.Span);
        Number(5, label);
        Number(7, 0);
    }

    /// <summary>Writes an image file.</summary>
    public void WriteEncoded(ReadOnlySpan<byte> file, int label)
    {
        Start(file.Length);
        Bytes(4, file);
        Number(5, label);
        Number(7, 1);
    }

    private void Start(int dataLength)
    {
        const int fields = 64;
        if (_buffer.Length < dataLength + fields) _buffer = new byte[dataLength + fields];
        _length = 0;
    }

    private void Number(int field, int value)
    {
        _buffer[_length++] = (byte)(field << 3);
        Varint(unchecked((ulong)(long)value));
    }

    private void Bytes(int field, ReadOnlySpan<byte> value)
    {
        _buffer[_length++] = (byte)((field << 3) | 2);
        Varint((ulong)value.Length);
        value.CopyTo(_buffer.AsSpan(_length));
        _length += value.Length;
    }

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7) _buffer[_length++] = (byte)(value | 0x80);
        _buffer[_length++] = (byte)value;
    }
}
