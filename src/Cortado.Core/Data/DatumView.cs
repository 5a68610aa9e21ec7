using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Cortado.Data;

/// <summary>
/// A Datum message read in place from a record's value, without a copy: Caffe's fields channels 1, height 2, width 3, data 4,
/// label 5, float_data 6, encoded 7, in protobuf's wire format.
/// </summary>
public readonly ref struct DatumView
{
    private const int Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5;
    private const int FloatField = 6;

    private readonly ReadOnlySpan<byte> _message;

    /// <summary>Reads a message.</summary>
    /// <param name="message">The record's value. The view is valid as long as it is.</param>
    /// <exception cref="CortadoException">It is no Datum. The message does not name the record.</exception>
    public DatumView(ReadOnlySpan<byte> message)
        : this()
    {
        _message = message;
        int at = 0;
        while (at < message.Length)
        {
            ulong tag = ReadVarint(message, ref at);
            ulong field = tag >> 3;
            int wire = (int)(tag & 7);
            switch (wire)
            {
                case Varint:
                    int number = unchecked((int)ReadVarint(message, ref at));
                    if (field == 1) Channels = number;
                    else if (field == 2) Height = number;
                    else if (field == 3) Width = number;
                    else if (field == 5) Label = number;
                    else if (field == 7) Encoded = number != 0;
                    break;
                case Bytes:
                    ReadOnlySpan<byte> content = ReadBytes(message, ref at);
                    if (field == 4) Data = content;
                    else if (field == FloatField) FloatCount += FloatsIn(content);
                    break;
                case Fixed32:
                    Skip(message, ref at, sizeof(float));
                    if (field == FloatField) FloatCount++;
                    break;
                case Fixed64:
                    Skip(message, ref at, sizeof(double));
                    break;
                default:
                    throw new CortadoException(FormattableString.Invariant($"the value is no Datum: it has wire type {wire} at byte {at}"));
            }

            if (field == 0) throw new CortadoException(FormattableString.Invariant($"the value is no Datum: it has field number 0 before byte {at}"));
        }
    }

    /// <summary>Channels; not set for an encoded image.</summary>
    public int Channels { get; }

    /// <summary>Rows; not set for an encoded image.</summary>
    public int Height { get; }

    /// <summary>Columns; not set for an encoded image.</summary>
    public int Width { get; }

    /// <summary>The label.</summary>
    public int Label { get; }

    /// <summary>Whether <see cref="Data"/> is an image file rather than pixels.</summary>
    public bool Encoded { get; }

    /// <summary>The pixels plane by plane, or the image file.</summary>
    public ReadOnlySpan<byte> Data { get; }

    /// <summary>The length of float_data.</summary>
    public int FloatCount { get; }

    /// <summary>Copies float_data, of which there are <see cref="FloatCount"/>.</summary>
    public void CopyFloatsTo(Span<float> destination)
    {
        int at = 0, count = 0;
        while (at < _message.Length)
        {
            ulong tag = ReadVarint(_message, ref at);
            bool wanted = tag >> 3 == FloatField;
            switch ((int)(tag & 7))
            {
                case Varint:
                    ReadVarint(_message, ref at);
                    break;
                case Bytes:
                    ReadOnlySpan<byte> content = ReadBytes(_message, ref at);
                    for (int i = 0; wanted && i < content.Length; i += sizeof(float)) destination[count++] = ReadFloat(content, i);
                    break;
                case Fixed32:
                    if (wanted) destination[count++] = ReadFloat(_message, at);
                    at += sizeof(float);
                    break;
                default:
                    at += sizeof(double);
                    break;
            }
        }
    }

    /// <summary>Checks that the pixels are as many as the sizes say.</summary>
    internal void CheckPixels()
    {
        int found = Data.Length > 0 ? Data.Length : FloatCount;
        if (Channels <= 0 || Height <= 0 || Width <= 0 || (long)Channels * Height * Width != found)
        {
            string what = Data.Length > 0 ? "bytes of data" : FloatCount > 0 ? "numbers of float_data" : "pixels";
            throw new CortadoException(FormattableString.Invariant(
                $"the Datum says it is {Channels} x {Height} x {Width} (channels, height, width), which is {(long)Channels * Height * Width}, but it has {found} {what}"));
        }
    }

    private static int FloatsIn(ReadOnlySpan<byte> packed)
    {
        if (packed.Length % sizeof(float) != 0)
            throw new CortadoException(FormattableString.Invariant($"the Datum is damaged: its packed float_data has {packed.Length} bytes, no multiple of 4"));
        return packed.Length / sizeof(float);
    }

    private static float ReadFloat(ReadOnlySpan<byte> bytes, int at)
    {
        int bits = BinaryPrimitives.ReadInt32LittleEndian(bytes.Slice(at));
        return MemoryMarshal.Cast<int, float>(MemoryMarshal.CreateSpan(ref bits, 1))[0];
    }

    private static ulong ReadVarint(ReadOnlySpan<byte> bytes, scoped ref int at)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if (at >= bytes.Length) throw CutShort(bytes.Length);
            byte b = bytes[at++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80) return value;
        }

        throw new CortadoException(FormattableString.Invariant($"the value is no Datum: a number of more than 64 bits ends at byte {at}"));
    }

    private static ReadOnlySpan<byte> ReadBytes(ReadOnlySpan<byte> bytes, scoped ref int at)
    {
        ulong length = ReadVarint(bytes, ref at);
        if (length > (ulong)(bytes.Length - at)) throw CutShort(bytes.Length);
        ReadOnlySpan<byte> content = bytes.Slice(at, (int)length);
        at += (int)length;
        return content;
    }

    private static void Skip(ReadOnlySpan<byte> bytes, scoped ref int at, int count)
    {
        if (count > bytes.Length - at) throw CutShort(bytes.Length);
        at += count;
    }

    private static CortadoException CutShort(int length) =>
        new(FormattableString.Invariant($"the value is no Datum or is cut short: a field reaches beyond its {length} bytes"));
}
