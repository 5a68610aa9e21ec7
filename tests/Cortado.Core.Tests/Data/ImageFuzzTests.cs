using System.Buffers.Binary;
using Cortado.Data;

namespace Cortado.Tests.Data;

/// <summary>Damaged pictures: an image or an error for people; never a crash, a hang or memory beyond what the file could hold.</summary>
public class ImageFuzzTests
{
    private static readonly string Folder = Path.Combine(GoldenFolder.Repository, "tests", "Cortado.Core.Tests", "Data", "OpenCv");

    public static TheoryData<string> Files() => new("color.png", "palette_alpha.png", "gray4.png", "color16.png", "photo.jpg", "exif6.jpg", "gray.jpg", "color.bmp");

    [Theory]
    [MemberData(nameof(Files))]
    public void Damaged_pictures_give_an_image_or_a_clear_error(string file)
    {
        byte[] good = File.ReadAllBytes(Path.Combine(Folder, file));
        var random = new Random(file.Length);
        var image = new Image();
        int errors = 0;
        for (int i = 0; i < 1500; i++)
        {
            byte[] bytes = (byte[])good.Clone();
            int reach = random.Next(2) == 0 ? Math.Min(64, bytes.Length) : bytes.Length;
            for (int n = random.Next(1, 8); n > 0; n--) bytes[random.Next(reach)] = (byte)random.Next(256);
            if (random.Next(4) == 0) bytes = bytes.AsSpan(0, random.Next(bytes.Length)).ToArray();
            else if (random.Next(4) != 0) RepairCheckSums(bytes);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                ImageDecoder.Decode(bytes, (ImageColor)random.Next(3), image);
                Assert.InRange(image.Channels, 1, 4);
            }
            catch (CortadoException)
            {
                errors++;
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000_000);
        }

        Assert.True(errors > 100, $"{errors} errors");
    }

    [Fact]
    public void A_header_that_promises_more_than_the_file_holds_is_refused_before_memory_is_taken()
    {
        byte[] png = File.ReadAllBytes(Path.Combine(Folder, "color.png"));
        png[16 + 2] = 0x40;
        png[20 + 2] = 0x40;
        RepairCheckSums(png);
        long before = GC.GetAllocatedBytesForCurrentThread();
        string message = Assert.Throws<CortadoException>(() => ImageDecoder.Decode(png, ImageColor.Color, new Image())).Message;
        Assert.Contains("more than its", message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public async Task A_segment_that_reaches_beyond_the_end_is_no_endless_loop()
    {
        byte[] jpeg = File.ReadAllBytes(Path.Combine(Folder, "photo.jpg"));
        jpeg[4] = 0x68;
        Task decoding = Task.Run(() => Assert.Throws<CortadoException>(() => ImageDecoder.Decode(jpeg, ImageColor.Color, new Image())));
        await decoding.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void A_flipped_bit_in_a_png_is_noticed()
    {
        byte[] png = File.ReadAllBytes(Path.Combine(Folder, "color.png"));
        png[60] ^= 4;
        Assert.Contains("check sum of its IDAT chunk", Assert.Throws<CortadoException>(() => ImageDecoder.Decode(png, ImageColor.Color, new Image())).Message);
    }

    [Fact]
    public void Errors_name_the_file()
    {
        Assert.Contains("nowhere.png", Assert.Throws<CortadoException>(() => ImageFile.Read("nowhere.png")).Message);
        string path = Path.Combine(Folder, "opencv.json");
        Assert.Equal($"{path}: not a PNG, JPEG or BMP image.", Assert.Throws<CortadoException>(() => ImageFile.Read(path)).Message);
    }

    [Fact]
    public void Many_threads_decode_at_once()
    {
        byte[] file = File.ReadAllBytes(Path.Combine(Folder, "photo.jpg"));
        var expected = new Image();
        ImageDecoder.Decode(file, ImageColor.Color, expected);
        Parallel.For(0, 200, _ =>
        {
            var image = new Image();
            ImageDecoder.Decode(file, ImageColor.Color, image);
            Assert.True(image.Span.SequenceEqual(expected.Span));
        });
    }

    /// <summary>Makes damage in a PNG get past its check sums, to the decoder behind them.</summary>
    private static void RepairCheckSums(byte[] png)
    {
        if (png[0] != 0x89) return;
        for (int at = 8; at + 12 <= png.Length;)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(at));
            if (length > png.Length - at - 12) return;
            uint crc = PngChunks.Crc(png.AsSpan(at + 4, 4), png.AsSpan(at + 8, (int)length));
            BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(at + 8 + (int)length), crc);
            at += 12 + (int)length;
        }
    }
}
