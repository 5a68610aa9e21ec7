using StbImageSharp;

namespace Cortado.Data;

/// <summary>
/// Decodes PNG, JPEG and BMP to the planes that Caffe gets from OpenCV: blue, green, red; alpha dropped where colour is asked
/// for; gray by the weights of each format's own library; JPEG turned upright by its Exif orientation, except as stored.
/// </summary>
public static class ImageDecoder
{
    // Deflate cannot pack tighter than 1032:1, and neither JPEG (two bits a block) nor BMP does.
    private const long GreatestRatio = 1032;
    private const int GreatestSide = 1 << 16;

    /// <summary>Decodes a picture.</summary>
    /// <param name="file">The bytes of the file.</param>
    /// <param name="color">Which planes to give.</param>
    /// <param name="image">Gets the pixels; its memory is used again.</param>
    /// <exception cref="CortadoException">The bytes are no such picture or are damaged. The message does not name the file.</exception>
    public static void Decode(byte[] file, ImageColor color, Image image) => Decode(file, file.Length, color, image);

    internal static void Decode(byte[] file, int length, ImageColor color, Image image)
    {
        ReadOnlySpan<byte> bytes = file.AsSpan(0, length);
        ImageKind kind = KindOf(bytes);
        if (kind == ImageKind.Png) PngChunks.Check(bytes);
        ImageResult result;
        int stored;
        try
        {
            ImageInfo? info = ImageInfo.FromStream(new ImageBytes(file, length));
            if (info is not { } found) throw new CortadoException($"the {kind} is damaged: its header cannot be read");
            CheckSize(found, length, kind);
            stored = StoredChannels(found, kind, bytes);
            if (kind == ImageKind.Png && color == ImageColor.AsStored && found.BitsPerChannel == 16)
                throw new CortadoException("the PNG has 16 bits per channel; 8 are expected");
            result = ImageResult.FromStream(new ImageBytes(file, length), Request(color, stored, kind));
        }
        catch (Exception e) when (e is not (CortadoException or OutOfMemoryException))
        {
            throw new CortadoException($"the {kind} is damaged: {e.Message}", e);
        }

        int channels = color == ImageColor.Color ? 3 : color == ImageColor.Gray ? 1 : stored;
        Unpack(result, channels, kind, image);
        if (kind == ImageKind.Jpeg && color != ImageColor.AsStored) ExifOrientation.Apply(ExifOrientation.Find(bytes), image);
    }

    private enum ImageKind
    {
        Png,
        Jpeg,
        Bmp,
    }

    private static ImageKind KindOf(ReadOnlySpan<byte> b)
    {
        if (b.Length >= 8 && b[0] == 0x89 && b[1] == (byte)'P' && b[2] == (byte)'N' && b[3] == (byte)'G') return ImageKind.Png;
        if (b.Length >= 3 && b[0] == 0xFF && b[1] == 0xD8 && b[2] == 0xFF) return ImageKind.Jpeg;
        if (b.Length >= 26 && b[0] == (byte)'B' && b[1] == (byte)'M') return ImageKind.Bmp;
        throw new CortadoException(b.Length == 0 ? "the image is empty" : "not a PNG, JPEG or BMP image");
    }

    private static void CheckSize(ImageInfo info, int length, ImageKind kind)
    {
        long pixels = (long)info.Width * info.Height;
        if (info.Width <= 0 || info.Height <= 0 || info.Width > GreatestSide || info.Height > GreatestSide)
        {
            throw new CortadoException(FormattableString.Invariant(
                $"the {kind} says it is {info.Width} x {info.Height} pixels; 1 to {GreatestSide} a side are expected"));
        }

        if (pixels * Math.Max(1, (int)info.ColorComponents) > int.MaxValue || pixels / 8 > GreatestRatio * length)
        {
            throw new CortadoException(FormattableString.Invariant(
                $"the {kind} says it is {info.Width} x {info.Height} pixels, more than its {length} bytes can hold"));
        }
    }

    /// <summary>The channels that OpenCV gives for IMREAD_UNCHANGED.</summary>
    private static int StoredChannels(ImageInfo info, ImageKind kind, ReadOnlySpan<byte> bytes)
    {
        const int pngColorType = 25, grayAlpha = 4;
        return info.ColorComponents switch
        {
            ColorComponents.Grey => 1,
            ColorComponents.GreyAlpha => kind == ImageKind.Png && bytes[pngColorType] == grayAlpha ? 4 : 1,
            ColorComponents.RedGreenBlueAlpha => 4,
            _ => 3,
        };
    }

    private static ColorComponents Request(ImageColor color, int stored, ImageKind kind)
    {
        int wanted = color switch
        {
            ImageColor.Color => 3,
            ImageColor.AsStored => stored,

            // A JPEG has its gray as a plane of its own. Elsewhere gray is computed here, with the weights that OpenCV's readers use.
            _ => kind == ImageKind.Jpeg || stored == 1 ? 1 : 3,
        };
        return wanted switch
        {
            1 => ColorComponents.Grey,
            4 => ColorComponents.RedGreenBlueAlpha,
            _ => ColorComponents.RedGreenBlue,
        };
    }

    private static void Unpack(ImageResult result, int channels, ImageKind kind, Image image)
    {
        image.Reset(channels, result.Height, result.Width);
        byte[] from = result.Data;
        int plane = result.Height * result.Width, step = (int)result.Comp;
        Span<byte> to = image.Pixels;
        if (step == 1)
        {
            from.AsSpan(0, plane).CopyTo(to);
            return;
        }

        if (channels == 1)
        {
            for (int i = 0, at = 0; i < plane; i++, at += step) to[i] = Gray(from[at], from[at + 1], from[at + 2], kind);
            return;
        }

        Span<byte> blue = to.Slice(0, plane), green = to.Slice(plane, plane), red = to.Slice(2 * plane, plane);
        for (int i = 0, at = 0; i < plane; i++, at += step)
        {
            red[i] = from[at];
            green[i] = from[at + 1];
            blue[i] = from[at + 2];
        }

        if (channels < 4) return;
        Span<byte> alpha = to.Slice(3 * plane, plane);
        for (int i = 0; i < plane; i++) alpha[i] = from[4 * i + 3];
    }

    /// <summary>
    /// Luma of ITU-R BT.601. OpenCV leaves a PNG's to libpng (weights of 15 bits, cut off) and computes a BMP's itself (14 bits,
    /// rounded).
    /// </summary>
    private static byte Gray(int red, int green, int blue, ImageKind kind)
    {
        if (kind == ImageKind.Bmp) return (byte)((4899 * red + 9617 * green + 1868 * blue + (1 << 13)) >> 14);
        return Gray(red, green, blue);
    }

    /// <summary>The gray of a PNG's colour.</summary>
    internal static byte Gray(int red, int green, int blue) => (byte)((9797 * red + 19234 * green + 3737 * blue) >> 15);
}
