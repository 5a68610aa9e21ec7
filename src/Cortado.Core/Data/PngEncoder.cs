using System.Buffers.Binary;
using System.IO.Compression;

namespace Cortado.Data;

/// <summary>Encodes gray and colour images as PNG (W3C Portable Network Graphics, second edition), 8 bits, each row less the row above.</summary>
internal static class PngEncoder
{
    private const byte GrayType = 0, ColorType = 2, UpFilter = 2;
    private const uint AdlerModulus = 65521;

    public static byte[] Encode(Image image)
    {
        if (image.Channels is not (1 or 3)) throw new ArgumentException("One plane or three are expected.", nameof(image));
        using var png = new MemoryStream();
        png.Write(new byte[] { 0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A }, 0, 8);
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, image.Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), image.Height);
        header[8] = 8;
        header[9] = image.Channels == 1 ? GrayType : ColorType;
        Chunk(png, "IHDR", header);
        Chunk(png, "IDAT", Compress(Filtered(image)));
        Chunk(png, "IEND", Array.Empty<byte>());
        return png.ToArray();
    }

    private static byte[] Filtered(Image image)
    {
        int channels = image.Channels, plane = image.Height * image.Width, stride = 1 + channels * image.Width;
        byte[] rows = new byte[stride * image.Height];
        ReadOnlySpan<byte> pixels = image.Span;
        for (int y = 0; y < image.Height; y++)
        {
            int at = y * stride;
            rows[at++] = UpFilter;
            for (int x = 0; x < image.Width; x++)
            {
                for (int c = channels - 1; c >= 0; c--)
                {
                    int from = c * plane + y * image.Width + x;
                    rows[at++] = (byte)(pixels[from] - (y == 0 ? 0 : pixels[from - image.Width]));
                }
            }
        }

        return rows;
    }

    private static byte[] Compress(byte[] bytes)
    {
        using var zlib = new MemoryStream();
        zlib.WriteByte(0x78);
        zlib.WriteByte(0x9C);
        using (var deflate = new DeflateStream(zlib, CompressionLevel.Optimal, leaveOpen: true)) deflate.Write(bytes, 0, bytes.Length);
        uint a = 1, b = 0;
        foreach (byte value in bytes)
        {
            a = (a + value) % AdlerModulus;
            b = (b + a) % AdlerModulus;
        }

        byte[] check = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(check, (b << 16) | a);
        zlib.Write(check, 0, check.Length);
        return zlib.ToArray();
    }

    private static void Chunk(MemoryStream png, string type, byte[] content)
    {
        byte[] number = new byte[4];
        byte[] name = System.Text.Encoding.ASCII.GetBytes(type);
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        png.Write(number, 0, 4);
        png.Write(name, 0, 4);
        png.Write(content, 0, content.Length);
        BinaryPrimitives.WriteUInt32BigEndian(number, PngChunks.Crc(name, content));
        png.Write(number, 0, 4);
    }
}
