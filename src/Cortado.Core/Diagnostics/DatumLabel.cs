using Cortado.Formats;
using Google.Protobuf;

namespace Cortado.Diagnostics;

/// <summary>Reads the label of a serialized Datum without touching its pixels.</summary>
internal static class DatumLabel
{
    /// <summary>The label; 0 where the datum has none, as Caffe reads it.</summary>
    /// <exception cref="CortadoException">The bytes are no Datum.</exception>
    public static int Read(ReadOnlySpan<byte> value)
    {
        int label = 0, at = 0;
        while (at < value.Length)
        {
            ulong tag = Varint(value, ref at);
            ulong number = tag >> 3;
            switch (tag & 7)
            {
                case 0:
                    ulong scalar = Varint(value, ref at);
                    if (number == Datum.LabelFieldNumber) label = unchecked((int)scalar);
                    break;
                case 1: at += 8; break;
                case 5: at += 4; break;
                case 2:
                    ulong length = Varint(value, ref at);
                    if (length > (ulong)(value.Length - at)) throw Broken();
                    at += (int)length;
                    break;
                default: throw Broken();
            }
        }
        return at == value.Length ? label : throw Broken();
    }

    private static ulong Varint(ReadOnlySpan<byte> value, ref int at)
    {
        ulong result = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            if (at >= value.Length) throw Broken();
            byte b = value[at++];
            result |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80) return result;
        }
        throw Broken();
    }

    private static CortadoException Broken() => new("A record is no Datum: its bytes end early or are of another kind.");
}
