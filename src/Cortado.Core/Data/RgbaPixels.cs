namespace Cortado.Data;

/// <summary>Which row of a picture in memory comes first.</summary>
public enum RowOrder
{
    /// <summary>The uppermost, as in image files.</summary>
    TopDown,

    /// <summary>The lowest, as on graphics devices.</summary>
    BottomUp,
}

/// <summary>Turns pixels as graphics devices give them - red, green, blue and alpha side by side - into the planes that Caffe takes.</summary>
public static class RgbaPixels
{
    /// <summary>Unpacks a picture: blue, green and red planes, or one gray plane with the weights that decoding a PNG uses; alpha is dropped.</summary>
    /// <param name="rgba">4 x width x height bytes, row after row without gaps.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="order">Which row comes first.</param>
    /// <param name="color">Which planes to give; not <see cref="ImageColor.AsStored"/>.</param>
    /// <param name="image">Gets the planes, the uppermost row first; its memory is used again.</param>
    /// <exception cref="ArgumentException">There are fewer bytes than the size says.</exception>
    public static void Unpack(ReadOnlySpan<byte> rgba, int width, int height, RowOrder order, ImageColor color, Image image)
    {
        if (rgba.Length < 4L * width * height) throw new ArgumentException(FormattableString.Invariant($"{rgba.Length} bytes are too few for {width} x {height} pixels."), nameof(rgba));
        image.Reset(color == ImageColor.Gray ? 1 : 3, height, width);
        int plane = width * height;
        Span<byte> planes = image.Pixels.AsSpan(0, image.Length);
        for (int y = 0; y < height; y++)
        {
            int row = order == RowOrder.TopDown ? y : height - 1 - y;
            ReadOnlySpan<byte> from = rgba.Slice(4 * width * row, 4 * width);
            if (color == ImageColor.Gray) Gray(from, planes.Slice(y * width, width));
            else Color(from, planes.Slice(y * width, width), planes.Slice(plane + y * width, width), planes.Slice(2 * plane + y * width, width));
        }
    }

    private static void Color(ReadOnlySpan<byte> from, Span<byte> blue, Span<byte> green, Span<byte> red)
    {
        for (int x = 0; x < blue.Length; x++)
        {
            ReadOnlySpan<byte> pixel = from.Slice(4 * x, 4);
            red[x] = pixel[0];
            green[x] = pixel[1];
            blue[x] = pixel[2];
        }
    }

    private static void Gray(ReadOnlySpan<byte> from, Span<byte> to)
    {
        for (int x = 0; x < to.Length; x++) to[x] = ImageDecoder.Gray(from[4 * x], from[4 * x + 1], from[4 * x + 2]);
    }
}
