using System.Buffers.Binary;

namespace Cortado.Data;

/// <summary>The way up of a photograph: the orientation tag (0x0112) of the Exif segment in a JPEG file.</summary>
internal static class ExifOrientation
{
    private const int Upright = 1;

    /// <summary>Finds the tag's value, 1 to 8; 1 where there is none or the segment is damaged.</summary>
    public static int Find(ReadOnlySpan<byte> jpeg)
    {
        int at = 2;
        while (at + 4 <= jpeg.Length && jpeg[at] == 0xFF)
        {
            byte marker = jpeg[at + 1];
            if (marker is 0xD9 or 0xDA) break;
            int length = BinaryPrimitives.ReadUInt16BigEndian(jpeg.Slice(at + 2));
            if (length < 2 || at + 2 + length > jpeg.Length) break;
            ReadOnlySpan<byte> segment = jpeg.Slice(at + 4, length - 2);
            if (marker == 0xE1 && segment.Length > 14 && segment.Slice(0, 6).SequenceEqual(new byte[] { 0x45, 0x78, 0x69, 0x66, 0, 0 }))
                return FromTiff(segment.Slice(6));
            at += 2 + length;
        }

        return Upright;
    }

    /// <summary>Turns and mirrors an image so that it stands upright.</summary>
    public static void Apply(int orientation, Image image)
    {
        if (orientation <= Upright || orientation > 8) return;
        int channels = image.Channels, height = image.Height, width = image.Width, plane = height * width;
        byte[] source = image.Span.ToArray();
        bool turned = orientation >= 5;
        int newHeight = turned ? width : height, newWidth = turned ? height : width;
        image.Reset(channels, newHeight, newWidth);
        byte[] target = image.Pixels;
        for (int c = 0; c < channels; c++)
        {
            for (int y = 0; y < newHeight; y++)
            {
                for (int x = 0; x < newWidth; x++)
                {
                    (int row, int column) = orientation switch
                    {
                        2 => (y, width - 1 - x),
                        3 => (height - 1 - y, width - 1 - x),
                        4 => (height - 1 - y, x),
                        5 => (x, y),
                        6 => (height - 1 - x, y),
                        7 => (height - 1 - x, width - 1 - y),
                        _ => (x, width - 1 - y),
                    };
                    target[c * plane + y * newWidth + x] = source[c * plane + row * width + column];
                }
            }
        }
    }

    private static int FromTiff(ReadOnlySpan<byte> tiff)
    {
        bool little = tiff[0] == (byte)'I';
        uint directory = U32(tiff, 4, little);
        if (directory > tiff.Length - 2) return Upright;
        int entries = U16(tiff, (int)directory, little);
        for (int i = 0; i < entries; i++)
        {
            int at = (int)directory + 2 + 12 * i;
            if (at + 12 > tiff.Length) return Upright;
            if (U16(tiff, at, little) != 0x0112) continue;
            int value = U16(tiff, at + 8, little);
            return value is >= 1 and <= 8 ? value : Upright;
        }

        return Upright;
    }

    private static int U16(ReadOnlySpan<byte> b, int at, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(b.Slice(at)) : BinaryPrimitives.ReadUInt16BigEndian(b.Slice(at));

    private static uint U32(ReadOnlySpan<byte> b, int at, bool little) =>
        little ? BinaryPrimitives.ReadUInt32LittleEndian(b.Slice(at)) : BinaryPrimitives.ReadUInt32BigEndian(b.Slice(at));
}
