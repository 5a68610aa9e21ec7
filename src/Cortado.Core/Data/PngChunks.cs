using System.Buffers.Binary;
using System.Text;

namespace Cortado.Data;

/// <summary>The chunks of a PNG file: each with its length, name, content and check sum (CRC-32, polynomial 0xEDB88320).</summary>
internal static class PngChunks
{
    private const int Signature = 8, Frame = 12;
    private static readonly uint[] CrcTable = MakeCrcTable();

    /// <summary>
    /// Checks that the file has what its chunks announce, before a decoder reserves memory for it, and the check sums of those
    /// that matter, as libpng does.
    /// </summary>
    public static void Check(ReadOnlySpan<byte> png)
    {
        for (int at = Signature; ;)
        {
            if (at + Frame > png.Length) throw new CortadoException("the PNG is damaged: it ends without an IEND chunk");
            uint length = BinaryPrimitives.ReadUInt32BigEndian(png.Slice(at));
            ReadOnlySpan<byte> name = png.Slice(at + 4, 4);
            if (length > (uint)(png.Length - at - Frame))
            {
                throw new CortadoException(FormattableString.Invariant(
                    $"the PNG is damaged: its {Text(name)} chunk at byte {at} has {length} bytes but the file only {png.Length - at - Frame} more"));
            }

            ReadOnlySpan<byte> content = png.Slice(at + 8, (int)length);
            bool critical = (name[0] & 0x20) == 0;
            if (critical && Crc(name, content) != BinaryPrimitives.ReadUInt32BigEndian(png.Slice(at + 8 + content.Length)))
                throw new CortadoException(FormattableString.Invariant($"the PNG is damaged: the check sum of its {Text(name)} chunk at byte {at} is wrong"));
            if (name.SequenceEqual(new[] { (byte)'I', (byte)'E', (byte)'N', (byte)'D' })) return;
            at += Frame + content.Length;
        }
    }

    /// <summary>The check sum of a chunk.</summary>
    public static uint Crc(ReadOnlySpan<byte> name, ReadOnlySpan<byte> content)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in name) crc = CrcTable[(crc ^ b) & 0xFF] ^ (crc >> 8);
        foreach (byte b in content) crc = CrcTable[(crc ^ b) & 0xFF] ^ (crc >> 8);
        return ~crc;
    }

    private static string Text(ReadOnlySpan<byte> name)
    {
        var text = new StringBuilder(name.Length);
        foreach (byte b in name) text.Append(b is > 32 and < 127 ? (char)b : '?');
        return text.ToString();
    }

    private static uint[] MakeCrcTable()
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint c = i;
            for (int bit = 0; bit < 8; bit++) c = (c & 1) != 0 ? 0xEDB88320 ^ (c >> 1) : c >> 1;
            table[i] = c;
        }

        return table;
    }
}
