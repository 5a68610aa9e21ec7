using Cortado.Data;

namespace Cortado.Tests.Data;

public sealed class RgbaPixelsTests
{
    // 2 x 2 pixels as a graphics device has them: lower row red and green, upper row blue and (10, 20, 30).
    private static readonly byte[] Pixels = { 255, 0, 0, 1, 0, 255, 0, 2, 0, 0, 255, 3, 10, 20, 30, 4 };

    [Fact]
    public void Rows_from_the_bottom_are_turned_upright_and_channels_are_blue_green_red()
    {
        var image = new Image();
        RgbaPixels.Unpack(Pixels, 2, 2, RowOrder.BottomUp, ImageColor.Color, image);
        Assert.Equal((3, 2, 2), (image.Channels, image.Height, image.Width));
        Assert.Equal(new byte[] { 255, 30, 0, 0, 0, 20, 0, 255, 0, 10, 255, 0 }, image.Span.ToArray());
    }

    [Fact]
    public void Rows_from_the_top_stay()
    {
        var image = new Image();
        RgbaPixels.Unpack(Pixels, 2, 2, RowOrder.TopDown, ImageColor.Color, image);
        Assert.Equal(new byte[] { 0, 0, 255, 30, 0, 255, 0, 20, 255, 0, 0, 10 }, image.Span.ToArray());
    }

    [Theory]
    [InlineData(ImageColor.Color)]
    [InlineData(ImageColor.Gray)]
    public void The_planes_are_those_of_the_same_picture_as_a_png(ImageColor color)
    {
        const int width = 13, height = 7;
        var rgba = new byte[4 * width * height];
        new Random(5).NextBytes(rgba);
        for (int i = 3; i < rgba.Length; i += 4) rgba[i] = 255;
        var unpacked = new Image();
        RgbaPixels.Unpack(rgba, width, height, RowOrder.TopDown, color, unpacked);

        var planes = new Image(3, height, width);
        for (int i = 0; i < width * height; i++)
            for (int c = 0; c < 3; c++) planes.Pixels[c * width * height + i] = rgba[4 * i + 2 - c];
        var decoded = new Image();
        byte[] png = PngEncoder.Encode(planes);
        ImageDecoder.Decode(png, png.Length, color, decoded);
        Assert.Equal(decoded.Span.ToArray(), unpacked.Span.ToArray());
    }

    [Fact]
    public void Too_few_bytes_are_refused() =>
        Assert.Throws<ArgumentException>(() => RgbaPixels.Unpack(new byte[15], 2, 2, RowOrder.TopDown, ImageColor.Color, new Image()));
}
