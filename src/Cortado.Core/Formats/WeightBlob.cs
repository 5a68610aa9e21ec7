using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Google.Protobuf;

namespace Cortado.Formats;

/// <summary>An array of numbers that lies in a file. Its shape is known; its values are read when they are wanted.</summary>
public sealed class WeightBlob
{
    private const int MostAxes = 32;

    private readonly WireFile _file;
    private readonly WireCursor _content;
    private readonly string _name;
    private readonly int[] _shape;
    private readonly long _floats;
    private readonly long _doubles;

    /// <summary>Reads the header of a blob, walking over its values.</summary>
    internal WeightBlob(WireFile file, WireCursor content, string name)
    {
        _file = file;
        _content = content;
        _name = name;
        long[] legacy = new long[4];
        bool isLegacy = false;
        var dims = new List<long>();
        for (WireCursor field = content; field.Next();)
        {
            switch (field.Field)
            {
                case >= BlobProto.NumFieldNumber and <= BlobProto.WidthFieldNumber:
                    legacy[field.Field - BlobProto.NumFieldNumber] = (int)field.Varint();
                    isLegacy = true;
                    break;
                case BlobProto.ShapeFieldNumber:
                    ReadDims(field.Enter(), dims);
                    break;
                case BlobProto.DataFieldNumber:
                    _floats += CountValues(field, 4, WireFormat.WireType.Fixed32);
                    break;
                case BlobProto.DoubleDataFieldNumber:
                    _doubles += CountValues(field, 8, WireFormat.WireType.Fixed64);
                    break;
            }
        }

        IsLegacyShape = isLegacy;
        (_shape, Count) = Measure(isLegacy ? legacy : dims);
    }

    /// <summary>The dimensions, outermost first. The old four-dimensional form gives four, also for a bias (1, 1, 1, N).</summary>
    public IReadOnlyList<int> Shape => _shape;

    /// <summary>The product of the dimensions; 1 for a scalar, which has none.</summary>
    public int Count { get; }

    /// <summary>How many values the file has; a sound blob has <see cref="Count"/>.</summary>
    public long StoredCount => _doubles > 0 ? _doubles : _floats;

    /// <summary>Whether the values are stored in double precision.</summary>
    public bool IsDouble => _doubles > 0;

    /// <summary>Whether the shape stands in the old form <c>num channels height width</c>.</summary>
    public bool IsLegacyShape { get; }

    /// <summary>
    /// Whether the blob fits an array of the given shape. As in Caffe, an old four-dimensional shape fits an array of up to four
    /// dimensions that equals it with ones in front.
    /// </summary>
    /// <param name="shape">The array's dimensions.</param>
    /// <returns>True where it fits.</returns>
    public bool ShapeEquals(ReadOnlySpan<int> shape)
    {
        if (!IsLegacyShape)
        {
            return shape.SequenceEqual(_shape);
        }

        if (shape.Length > 4)
        {
            return false;
        }

        int missing = 4 - shape.Length;
        for (int i = 0; i < 4; i++)
        {
            if (_shape[i] != (i < missing ? 1 : shape[i - missing]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Reads the values from the file. Safe to call from several threads.</summary>
    /// <param name="destination">Gets all <see cref="Count"/> values, row-major.</param>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    /// <exception cref="CortadoException">The file holds another number of values than its shape says.</exception>
    public void CopyTo(Span<float> destination)
    {
        if (destination.Length != Count)
        {
            throw new ArgumentException(FormattableString.Invariant($"{_name} has {Count} values, the destination {destination.Length}."), nameof(destination));
        }

        CheckStored();
        lock (_file)
        {
            int wanted = IsDouble ? BlobProto.DoubleDataFieldNumber : BlobProto.DataFieldNumber;
            int done = 0;
            for (WireCursor field = _content; field.Next();)
            {
                if (field.Field == wanted)
                {
                    int count = (int)field.Length / (IsDouble ? 8 : 4);
                    Copy(field.Position, destination.Slice(done, count));
                    done += count;
                }
            }
        }
    }

    /// <summary>Reads the values into a new array.</summary>
    /// <returns>All <see cref="Count"/> values, row-major.</returns>
    /// <exception cref="CortadoException">The file holds another number of values than its shape says.</exception>
    public float[] ToArray()
    {
        // A shape alone must not make us reserve memory that the file has no values for.
        CheckStored();
        float[] values = new float[Count];
        CopyTo(values);
        return values;
    }

    private void CheckStored()
    {
        if (StoredCount != Count)
        {
            throw new CortadoException(FormattableString.Invariant(
                $"{_file.Name}: {_name} has the shape ({string.Join(" x ", _shape)}), so {Count} values, and the file holds {StoredCount}."));
        }
    }

    private void Copy(long position, Span<float> destination)
    {
        if (!IsDouble)
        {
            Span<byte> bytes = MemoryMarshal.AsBytes(destination);
            _file.Read(position, bytes);
            if (!BitConverter.IsLittleEndian)
            {
                foreach (ref int value in MemoryMarshal.Cast<byte, int>(bytes))
                {
                    value = BinaryPrimitives.ReverseEndianness(value);
                }
            }

            return;
        }

        Span<byte> buffer = stackalloc byte[1024];
        for (int done = 0; done < destination.Length;)
        {
            int count = Math.Min(buffer.Length / 8, destination.Length - done);
            _file.Read(position + (8L * done), buffer[..(8 * count)]);
            for (int i = 0; i < count; i++)
            {
                destination[done + i] = (float)BitConverter.Int64BitsToDouble(BinaryPrimitives.ReadInt64LittleEndian(buffer[(8 * i)..]));
            }

            done += count;
        }
    }

    private long CountValues(WireCursor field, int size, WireFormat.WireType single)
    {
        if (field.Type == single)
        {
            return 1;
        }

        field.Expect(WireFormat.WireType.LengthDelimited);
        return field.Length % size == 0
            ? field.Length / size
            : throw _file.Corrupt(field.FieldStart, FormattableString.Invariant($"{_name}: {field.Length} bytes are no whole number of values"));
    }

    private void ReadDims(WireCursor shape, List<long> dims)
    {
        while (shape.Next())
        {
            if (shape.Field != BlobShape.DimFieldNumber)
            {
                continue;
            }

            if (shape.Type == WireFormat.WireType.Varint)
            {
                AddDim(shape.Varint());
                continue;
            }

            for (WireCursor packed = shape.Enter(); packed.Position < packed.End;)
            {
                AddDim((long)packed.TakeVarint());
            }
        }

        void AddDim(long dim)
        {
            if (dims.Count == MostAxes)
            {
                throw _file.Corrupt(shape.FieldStart, FormattableString.Invariant($"{_name} has more than {MostAxes} dimensions"));
            }

            dims.Add(dim);
        }
    }

    private (int[] Shape, int Count) Measure(IReadOnlyList<long> dims)
    {
        int[] shape = new int[dims.Count];
        long count = 1;
        for (int i = 0; i < shape.Length; i++)
        {
            if (dims[i] is < 0 or > int.MaxValue || (dims[i] != 0 && count > int.MaxValue / dims[i]))
            {
                throw _file.Corrupt(_content.Position, FormattableString.Invariant($"{_name} has the impossible shape ({string.Join(" x ", dims)})"));
            }

            shape[i] = (int)dims[i];
            count *= dims[i];
        }

        return (shape, (int)count);
    }
}
