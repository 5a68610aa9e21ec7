namespace Cortado.Data;

/// <summary>
/// A picture's bytes as a stream that a decoder cannot leave: a skip beyond the end stops there (else the decoder, which asks
/// whether it stands exactly at the end, would go on for ever), and endless reading at the end is an error.
/// </summary>
internal sealed class ImageBytes : Stream
{
    // A JPEG that is cut short is filled up by its decoder with zeros, up to half a byte a pixel.
    private const int MostReadsAtEnd = 1 << 24;

    private readonly byte[] _bytes;
    private readonly int _length;
    private int _position;
    private int _readsAtEnd;

    public ImageBytes(byte[] bytes, int length)
    {
        _bytes = bytes;
        _length = length;
    }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => _length;

    public override long Position
    {
        get => _position;
        set => _position = (int)Math.Clamp(value, 0, _length);
    }

    public override int ReadByte()
    {
        if (_position < _length) return _bytes[_position++];
        CountReadAtEnd();
        return -1;
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        int found = Math.Min(count, _length - _position);
        if (found == 0 && count > 0) CountReadAtEnd();
        Buffer.BlockCopy(_bytes, _position, buffer, offset, found);
        _position += found;
        return found;
    }

    public override long Seek(long offset, SeekOrigin origin)
    {
        Position = offset + (origin == SeekOrigin.Begin ? 0 : origin == SeekOrigin.Current ? _position : _length);
        return _position;
    }

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void CountReadAtEnd()
    {
        if (++_readsAtEnd > MostReadsAtEnd) throw new EndOfStreamException("it ends too early");
    }
}
