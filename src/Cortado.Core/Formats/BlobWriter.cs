using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Cortado.Formats;

/// <summary>Writes an array as a BlobProto: packed values, then gradients, then the shape, in the order of the field numbers.</summary>
internal static class BlobWriter
{
    /// <summary>Bytes of a blob as a field of another message.</summary>
    public static long FieldSize(int field, WeightArray blob)
    {
        long size = Size(blob);
        return WireWriter.HeaderSize(field, size) + size;
    }

    public static void WriteField(WireWriter writer, int field, WeightArray blob)
    {
        writer.WriteHeader(field, Size(blob));
        Write(writer, blob);
    }

    /// <summary>Writes the blob's own fields.</summary>
    public static void Write(WireWriter writer, WeightArray blob)
    {
        WriteFloats(writer, BlobProto.DataFieldNumber, blob, blob.Data);
        if (blob.Diff is not null)
        {
            WriteFloats(writer, BlobProto.DiffFieldNumber, blob, blob.Diff);
        }

        // Caffe writes no shape at all for a scalar.
        if (blob.Shape.Count == 0)
        {
            return;
        }

        int dims = DimsSize(blob);
        writer.WriteHeader(BlobProto.ShapeFieldNumber, WireWriter.HeaderSize(BlobShape.DimFieldNumber, dims) + dims);
        writer.WriteHeader(BlobShape.DimFieldNumber, dims);
        foreach (int dim in blob.Shape)
        {
            writer.WriteVarint((ulong)dim);
        }
    }

    /// <summary>Writes a blob with its shape in the old form <c>num channels height width</c>, as Caffe's mean tool does.</summary>
    public static void WriteLegacy(WireWriter writer, WeightArray blob)
    {
        for (int i = 0; i < 4; i++)
        {
            writer.WriteNumber(BlobProto.NumFieldNumber + i, blob.Shape[i]);
        }

        WriteFloats(writer, BlobProto.DataFieldNumber, blob, blob.Data);
    }

    private static long Size(WeightArray blob)
    {
        long size = FloatsSize(BlobProto.DataFieldNumber, blob);
        if (blob.Diff is not null)
        {
            size += FloatsSize(BlobProto.DiffFieldNumber, blob);
        }

        if (blob.Shape.Count > 0)
        {
            int dims = DimsSize(blob);
            int shape = WireWriter.HeaderSize(BlobShape.DimFieldNumber, dims) + dims;
            size += WireWriter.HeaderSize(BlobProto.ShapeFieldNumber, shape) + shape;
        }

        return size;
    }

    private static long FloatsSize(int field, WeightArray blob)
    {
        long bytes = 4L * blob.Count;
        return bytes == 0 ? 0 : WireWriter.HeaderSize(field, bytes) + bytes;
    }

    private static int DimsSize(WeightArray blob) => blob.Shape.Sum(d => WireWriter.VarintSize((ulong)d));

    private static void WriteFloats(WireWriter writer, int field, WeightArray blob, FloatSource source)
    {
        ReadOnlySpan<float> values = source();
        if (values.Length != blob.Count)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"An array of shape ({string.Join(" x ", blob.Shape)}) needs {blob.Count} values, its source gave {values.Length}."));
        }

        if (values.Length == 0)
        {
            return;
        }

        writer.WriteHeader(field, 4L * values.Length);
        if (BitConverter.IsLittleEndian)
        {
            writer.WriteRaw(MemoryMarshal.AsBytes(values));
            return;
        }

        Span<byte> bytes = stackalloc byte[4];
        foreach (int bits in MemoryMarshal.Cast<float, int>(values))
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes, bits);
            writer.WriteRaw(bytes);
        }
    }
}
