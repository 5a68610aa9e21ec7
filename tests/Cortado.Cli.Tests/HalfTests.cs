using System.Globalization;
using System.Text.RegularExpressions;
using Cortado.OpenCL;

namespace Cortado.Tests;

public sealed class HalfTests(SmallTraining training) : IClassFixture<SmallTraining>
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

    [Fact]
    public void Test_scores_with_it_and_prints_what_it_changes()
    {
        SkipWithoutDevice();
        string weights = Trained();
        string[] arguments = ["test", "--model", training.NetPath, "--weights", weights, "--batch", "4", "--iterations", "3", "--device", "opencl"];
        CortadoRun whole = CortadoRun.Succeed(arguments), half = CortadoRun.Succeed([.. arguments, "--half"]);
        Assert.DoesNotContain("Half precision", whole.Error);
        (string ofHalf, string ofWhole) = Losses(half.Error);
        // What is printed beside it is what a run with whole weights gives, on the same pictures.
        Assert.Contains($"loss = {ofWhole} (", whole.Out);
        Assert.Contains($"loss = {ofHalf} (", half.Out);
        double difference = Math.Abs(Number(ofHalf) - Number(ofWhole));
        Assert.InRange(difference, 1e-7, 1e-2);
    }

    [Fact]
    public void It_is_refused_where_it_would_change_nothing()
    {
        SkipWithoutDevice();
        string weights = Trained();
        CortadoRun large = CortadoRun.Run("test", "--model", training.NetPath, "--weights", weights, "--device", "opencl", "--half");
        Assert.Equal(1, large.ExitCode);
        Assert.Contains("takes 8 images at a time", large.Error);
        Assert.Contains("Add --batch 4", large.Error);
        CortadoRun managed = CortadoRun.Run("test", "--model", training.NetPath, "--weights", weights, "--batch", "1", "--half");
        Assert.Equal(1, managed.ExitCode);
        Assert.Contains("--device opencl", managed.Error);
        CortadoRun time = CortadoRun.Run("time", "--model", Model, "--device", "opencl", "--half", "--batch", "5");
        Assert.Equal(1, time.ExitCode);
        Assert.Contains("takes 5 images at a time", time.Error);
        using var folder = new ScratchFolder();
        string convolutions = folder.Write("convolutions.prototxt", """
            layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 1 dim: 3 dim: 8 dim: 8 } } }
            layer { name: "conv" type: "Convolution" bottom: "data" top: "conv" convolution_param { num_output: 2 kernel_size: 3 } }
            """);
        CortadoRun none = CortadoRun.Run("time", "--model", convolutions, "--device", "opencl", "--half");
        Assert.Equal(1, none.ExitCode);
        Assert.Contains("no fully connected layer", none.Error);
    }

    private string Trained()
    {
        string weights = training["halved_iter_4.caffemodel"];
        if (!File.Exists(weights)) CortadoRun.Succeed("train", "--solver", training.SolverWith("halved", "max_iter: 4"), "--no-doctor");
        return weights;
    }

    private static (string Half, string Whole) Losses(string text)
    {
        Match losses = Regex.Match(text, @"loss = ([0-9.e-]+), with whole weights ([0-9.e-]+?)[.;]\s");
        Assert.True(losses.Success, text);
        return (losses.Groups[1].Value, losses.Groups[2].Value);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static double LargestDifference(string text)
    {
        const string before = "the largest difference from whole weights is ";
        string rest = text[(text.IndexOf(before, StringComparison.Ordinal) + before.Length)..];
        return double.Parse(rest[..rest.IndexOf(';', StringComparison.Ordinal)], CultureInfo.InvariantCulture);
    }

    private static void SkipWithoutDevice()
    {
        OpenClPlatforms platforms = OpenClPlatforms.Discover();
        if (platforms.Devices.Count == 0) Assert.Skip(platforms.Problem!);
    }
}
