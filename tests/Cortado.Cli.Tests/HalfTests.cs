using Cortado.OpenCL;

namespace Cortado.Tests;

public class HalfTests
{
    private static string Model => GoldenFolder.SampleOf("seed_small/deploy.prototxt");

    private static string Image => GoldenFolder.SampleOf("data/png/im0.png");

    [Fact]
    public void Classify_prints_what_half_precision_costs()
    {
        SkipWithoutDevice();
        using var folder = new ScratchFolder();
        // Pixels of a size that leave the answer in doubt.
        string model = folder.Write("deploy.prototxt", File.ReadAllText(Model).Replace("input_param", "transform_param { scale: 0.00390625 } input_param", StringComparison.Ordinal));
        CortadoRun run = CortadoRun.Succeed("classify", "--model", model, "--weights", GoldenFolder.SampleOf("seed_small/seed_small.caffemodel"), "--device", "opencl", "--half", Image, Image);
        Assert.Contains("0 of 2 answers changed", run.Error);
        double largest = LargestDifference(run.Error);
        // Weights of 11 bits change an answer, but in its fourth digit.
        Assert.InRange(largest, 1e-7, 1e-2);
    }

    [Fact]
    public void Time_prints_it_for_random_weights()
    {
        SkipWithoutDevice();
        CortadoRun run = CortadoRun.Succeed("time", "--model", Model, "--device", "opencl", "--half", "--batch", "1", "--iterations", "1");
        Assert.Contains("of 1 answers changed", run.Error);
    }

    [Fact]
    public void The_managed_backend_has_none()
    {
        CortadoRun run = CortadoRun.Run("time", "--model", Model, "--half");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("--device opencl", run.Error);
    }

    private static double LargestDifference(string text)
    {
        const string before = "the largest difference from whole weights is ";
        string rest = text[(text.IndexOf(before, StringComparison.Ordinal) + before.Length)..];
        return double.Parse(rest[..rest.IndexOf(';', StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static void SkipWithoutDevice()
    {
        OpenClPlatforms platforms = OpenClPlatforms.Discover();
        if (platforms.Devices.Count == 0) Assert.Skip(platforms.Problem!);
    }
}
