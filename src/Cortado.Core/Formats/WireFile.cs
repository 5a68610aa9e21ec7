using Google.Protobuf;

namespace Cortado.Formats;

/// <summary>
/// Random access to a protobuf message in a file, with one small window in memory: what is skipped is never read, and a large array is
/// read straight to where it is wanted. Not thread-safe; lock the object.
/// </summary>
internal sealed class WireFile : IDisposable
{
    private readonly Stream _stream;
    private readonly byte[] _window = new byte[1 << 14];
    private long _windowStart;
    private int _windowLength;

    private WireFile(Stream stream, string name)
    {
        _stream = stream;
        Name = name;
        Length = stream.Length;
    }

    public string Name { get; }

    public long Length { get; }

    /// <summary>Opens a file whose whole content is one message.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">What it should be, for errors: "a .caffemodel".</param>
    public static WireFile Open(string path, string what)
    {
        ThrowIf.Null(path, nameof(path));
        FileKind.RefuseFolder(path, what);
        try
        {
            // The default buffer of a FileStream would only copy once more.
            return Open(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1), path, what);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new CortadoException($"{path}: cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Opens a seekable stream, which then belongs to the result.</summary>
    public static WireFile Open(Stream stream, string name, string what)
    {
        var file = new WireFile(stream, name);
        try
        {
            file.CheckKind(what);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Dispose() => _stream.Dispose();

    public WireCursor Cursor() => new(this, 0, Length);

    public CortadoException Corrupt(long offset, string problem)
    {
        string? kind = FileKind.Explain(Start(stackalloc byte[256]));
        return new CortadoException(kind is null
            ? FormattableString.Invariant($"{Name}: damaged or not the right kind of file (at byte {offset} of {Length}): {problem}.")
            : FormattableString.Invariant($"{Name}: not the right kind of file: {kind}."));
    }

    public byte ReadByte(long position)
    {
        if (position < _windowStart || position >= _windowStart + _windowLength)
        {
            _windowStart = position;
            _windowLength = 0;
            int length = (int)Math.Min(_window.Length, Length - position);
            Fetch(position, _window.AsSpan(0, length));
            _windowLength = length;
        }

        return _window[position - _windowStart];
    }

    /// <summary>Fills the span from the file, around the window where it is large.</summary>
    public void Read(long position, Span<byte> destination)
    {
        if (destination.Length > _window.Length)
        {
            Fetch(position, destination);
            return;
        }

        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = ReadByte(position + i);
        }
    }

    private void Fetch(long position, Span<byte> destination)
    {
        try
        {
            _stream.Position = position;
            while (destination.Length > 0)
            {
                int read = _stream.Read(destination);
                if (read == 0)
                {
                    throw new CortadoException(FormattableString.Invariant($"{Name}: became shorter while it was read."));
                }

                destination = destination[read..];
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CortadoException($"{Name}: cannot be read: {e.Message}", e);
        }
    }

    private Span<byte> Start(Span<byte> buffer)
    {
        Span<byte> start = buffer[..(int)Math.Min(buffer.Length, Length)];
        Read(0, start);
        return start;
    }

    private void CheckKind(string what)
    {
        if (Length == 0)
        {
            throw new CortadoException($"{Name}: the file is empty; expected {what}.");
        }

        Span<byte> start = Start(stackalloc byte[16]);
        if (FileKind.IsHdf5(start))
        {
            throw new CortadoException($"{Name}: {FileKind.Explain(start)}.");
        }

        if (Length > int.MaxValue)
        {
            throw new CortadoException(FormattableString.Invariant(
                $"{Name}: {Length / (double)(1 << 30):0.00} GiB; {what} is a protobuf message, which ends at 2 GiB. Caffe cannot read it either (it would save such a net as HDF5)."));
        }
    }
}

/// <summary>A place within a message of a <see cref="WireFile"/>: the field under it, and where the message ends.</summary>
internal struct WireCursor
{
    private readonly WireFile _file;

    public WireCursor(WireFile file, long start, long end)
    {
        _file = file;
        Position = start;
        End = end;
        FieldStart = start;
        Field = 0;
        Type = default;
        Length = 0;
    }

    /// <summary>Where the field's value starts (after a length).</summary>
    public long Position { get; private set; }

    public long End { get; }

    public long FieldStart { get; private set; }

    public int Field { get; private set; }

    public WireFormat.WireType Type { get; private set; }

    /// <summary>Bytes of the value.</summary>
    public long Length { get; private set; }

    /// <summary>Goes to the next field; false at the message's end.</summary>
    public bool Next()
    {
        Position += Length;
        Length = 0;
        FieldStart = Position;
        if (Position == End)
        {
            return false;
        }

        ulong tag = TakeVarint();
        Field = (int)(tag >> 3);
        Type = (WireFormat.WireType)(tag & 7);
        if (tag > uint.MaxValue || Field <= 0)
        {
            throw _file.Corrupt(FieldStart, "a field number makes no sense");
        }

        long length = Type switch
        {
            WireFormat.WireType.Varint => VarintLength(),
            WireFormat.WireType.Fixed32 => 4,
            WireFormat.WireType.Fixed64 => 8,
            WireFormat.WireType.LengthDelimited => TakeLength(),
            _ => throw _file.Corrupt(FieldStart, "a field has no known wire type"),
        };
        if (length > End - Position)
        {
            throw _file.Corrupt(FieldStart, FormattableString.Invariant(
                $"field {Field} needs {length} bytes and {End - Position} are left, so the end may be missing"));
        }

        Length = length;
        return true;
    }

    /// <summary>The value of a number field.</summary>
    public readonly long Varint()
    {
        Expect(WireFormat.WireType.Varint);
        WireCursor at = this;
        return (long)at.TakeVarint();
    }

    /// <summary>The fields of a message field.</summary>
    public readonly WireCursor Enter()
    {
        Expect(WireFormat.WireType.LengthDelimited);
        return new WireCursor(_file, Position, Position + Length);
    }

    /// <summary>The value of a text field.</summary>
    public readonly string Text()
    {
        const int Longest = 1 << 20;
        Expect(WireFormat.WireType.LengthDelimited);
        if (Length > Longest)
        {
            throw _file.Corrupt(FieldStart, FormattableString.Invariant($"a name of {Length} bytes makes no sense"));
        }

        byte[] bytes = new byte[Length];
        _file.Read(Position, bytes);
        return System.Text.Encoding.UTF8.GetString(bytes);
    }

    public readonly void Expect(WireFormat.WireType type)
    {
        if (Type != type)
        {
            throw _file.Corrupt(FieldStart, FormattableString.Invariant($"field {Field} has the wrong wire type ({Type} instead of {type})"));
        }
    }

    /// <summary>One number of a packed field; the caller stays within <see cref="End"/>.</summary>
    public ulong TakeVarint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            if (Position >= End)
            {
                throw _file.Corrupt(Position, "it ends in the middle of a number");
            }

            byte b = _file.ReadByte(Position++);
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                return value;
            }
        }

        throw _file.Corrupt(Position, "a number is longer than 64 bits");
    }

    private readonly long VarintLength()
    {
        WireCursor at = this;
        at.TakeVarint();
        return at.Position - Position;
    }

    private long TakeLength()
    {
        ulong length = TakeVarint();
        return length > long.MaxValue ? long.MaxValue : (long)length;
    }
}
