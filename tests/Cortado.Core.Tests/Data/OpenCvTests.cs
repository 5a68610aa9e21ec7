using System.Text.Json;
using Cortado.Data;

namespace Cortado.Tests.Data;

/// <summary>Decoding and resizing against what OpenCV 4.6 computed (the library that Caffe reads images with).</summary>
public class OpenCvTests
{
    private static readonly string Folder = Path.Combine(GoldenFolder.Repository, "tests", "Cortado.Core.Tests", "Data", "OpenCv");
    private static readonly byte[] Expected = File.ReadAllBytes(Path.Combine(Folder, "opencv.bin"));

    public static TheoryData<string, string, string, int, int, int, int> Cases()
    {
        var data = new TheoryData<string, string, string, int, int, int, int>();
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "opencv.json")));
        foreach (JsonElement c in json.RootElement.GetProperty("cases").EnumerateArray())
        {
            bool refused = c.TryGetProperty("refused", out _);
            int Number(string name) => refused ? -1 : c.GetProperty(name).GetInt32();
            data.Add(c.GetProperty("kind").GetString()!, c.GetProperty("file").GetString()!, c.GetProperty("color").GetString()!,
                Number("channels"), Number("height"), Number("width"), Number("offset"));
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gives_OpenCVs_bytes(string kind, string file, string color, int channels, int height, int width, int offset)
    {
        string path = Path.Combine(Folder, file);
        ImageColor mode = Enum.Parse<ImageColor>(color);
        if (offset < 0)
        {
            Assert.Throws<CortadoException>(() => ImageFile.Read(path, mode));
            return;
        }

        Image image = ImageFile.Read(path, mode);
        if (kind == "resize")
        {
            var resized = new Image();
            new ImageResizer().Resize(image, height, width, resized);
            image = resized;
        }

        Assert.Equal((channels, height, width), (image.Channels, image.Height, image.Width));

        // JPEG decoders may differ in the last bits of the inverse transform, and in how they enlarge the colour planes.
        int tolerance = file.EndsWith(".jpg", StringComparison.Ordinal) ? (mode == ImageColor.Gray ? 2 : 6) : 0;

        // libpng weighs all 16 bits before it drops the lower 8; we have only the upper 8.
        if (file == "color16.png" && mode == ImageColor.Gray) tolerance = 1;
        int worst = 0, sum = 0;
        for (int i = 0; i < image.Length; i++)
        {
            int error = Math.Abs(image.Pixels[i] - Expected[offset + i]);
            worst = Math.Max(worst, error);
            sum += error;
        }

        Assert.True(worst <= tolerance, $"off by up to {worst}, mean {(double)sum / image.Length:0.000}");
        Assert.True(sum <= image.Length, $"off by {(double)sum / image.Length:0.000} on average");
    }
}
