namespace Cortado.Data;

/// <summary>
/// Pixels of 8 bits, one plane after the other as Caffe's blobs have them: for colour blue, green, red; each plane row by row from
/// the top.
/// </summary>
public sealed class Image
{
    /// <summary>Creates an empty image, to be filled by a decoder.</summary>
    public Image() => Pixels = Array.Empty<byte>();

    /// <summary>Creates a black image.</summary>
    /// <param name="channels">Planes: 1 gray, 3 blue, green and red, 4 with alpha.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    public Image(int channels, int height, int width)
        : this() => Reset(channels, height, width);

    /// <summary>Planes: 1 gray, 3 blue, green and red, 4 with alpha.</summary>
    public int Channels { get; private set; }

    /// <summary>Rows.</summary>
    public int Height { get; private set; }

    /// <summary>Columns.</summary>
    public int Width { get; private set; }

    /// <summary>Bytes in use.</summary>
    public int Length => Channels * Height * Width;

    /// <summary>The planes. The array may be longer than <see cref="Length"/> where the image is used again for smaller pictures.</summary>
    public byte[] Pixels { get; private set; }

    /// <summary>The planes, exactly <see cref="Length"/> bytes.</summary>
    public ReadOnlySpan<byte> Span => Pixels.AsSpan(0, Length);

    internal void Reset(int channels, int height, int width)
    {
        int length = checked(channels * height * width);
        if (Pixels.Length < length) Pixels = new byte[length];
        Channels = channels;
        Height = height;
        Width = width;
    }

    internal void CopyFrom(Image other)
    {
        Reset(other.Channels, other.Height, other.Width);
        other.Span.CopyTo(Pixels);
    }
}

/// <summary>Which planes a decoder gives.</summary>
public enum ImageColor
{
    /// <summary>As the file has them: 1 for gray, 3 for colour, 4 with alpha.</summary>
    AsStored,

    /// <summary>Always blue, green and red.</summary>
    Color,

    /// <summary>Always one gray plane.</summary>
    Gray,
}
