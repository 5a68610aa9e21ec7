using System.Globalization;
using System.Text.Json;
using Cortado.Backends;
using Cortado.Formats;
using Cortado.Nets;

namespace Cortado.Tests.Conformance;

/// <summary>
/// Weights drawn by each filler. Constant and bilinear are exact; of the random ones the statistics must be such as another draw
/// of the same distribution would have, within six standard errors of the difference of two draws.
/// </summary>
public class FillerConformance
{
    private const double StandardErrors = 6;

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (JsonElement json in All) cases.Add(Text(json, "layer"), Text(json, "filler"));
            return cases;
        }
    }

    private static IEnumerable<JsonElement> All =>
        GoldenFolder.Index("fillers.json") is { } index ? index.GetProperty("fillers").EnumerateArray() : [];

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Cases))]
    public void Filler(string layer, string filler)
    {
        JsonElement expected = All.Single(json => Text(json, "layer") == layer && Text(json, "filler") == filler);
        int[] shape = expected.GetProperty("shape").EnumerateArray().Select(dim => dim.GetInt32()).ToArray();
        using IBackend backend = TestBackend.Create();
        using Net net = Net.Build(NetFile.Parse(Prototxt(layer, filler, shape), "filler.prototxt").Message, new NetOptions { Backend = backend });
        var blob = net.FindLayer("l")!.Layer.Blobs[0];
        Assert.Equal(shape, blob.Shape.ToArray());
        float[] found = blob.ReadData().ToArray();
        var findings = new Findings();
        if (expected.TryGetProperty("values", out JsonElement values))
            findings.Add(ArrayDifference.Describe("values", values.EnumerateArray().Select(value => value.GetSingle()).ToArray(), found, 1e-7));
        else if (filler.Contains("constant", StringComparison.Ordinal))
            findings.Add(ArrayDifference.Describe("values", Enumerable.Repeat((float)Number(expected, "mean"), found.Length).ToArray(), found, 0));
        else
            Statistics(findings, filler, expected, found, shape);
        findings.Check();
    }

    private static void Statistics(Findings findings, string filler, JsonElement expected, float[] found, int[] shape)
    {
        double n = found.Length, std = Number(expected, "std"), low = Number(expected, "min"), high = Number(expected, "max");
        double mean = found.Average(value => (double)value), deviation = Math.Sqrt(found.Sum(value => (value - mean) * (value - mean)) / n);
        double error = StandardErrors * Math.Sqrt(2 / n);
        Near(findings, "mean", Number(expected, "mean"), mean, error * std);

        // A sample's standard deviation errs by std * sqrt((kurtosis - 1) / 4n).
        double kurtosis = found.Sum(value => Math.Pow((value - mean) / deviation, 4)) / n;
        Near(findings, "std", std, deviation, error * std * Math.Sqrt((kurtosis - 1) / 4));

        double fraction = Number(expected, "nonzero_fraction");
        Near(findings, "nonzero_fraction", fraction, found.Count(value => value != 0) / n, error * Math.Sqrt(fraction * (1 - fraction)) + 1e-4);

        // Bounded distributions reach their bounds to within a few parts in n; the others' extremes only lie in the same region.
        bool bounded = filler.Contains("uniform", StringComparison.Ordinal) || filler.Contains("xavier", StringComparison.Ordinal);
        double margin = bounded ? 20 / n * (high - low) : 0.3 * (high - low);
        Near(findings, "min", low, found.Min(), margin);
        Near(findings, "max", high, found.Max(), margin);

        if (!filler.Contains("unitball", StringComparison.Ordinal)) return;
        int row = found.Length / shape[0];
        for (int i = 0; i < shape[0]; i++)
            Near(findings, $"sum of row {i}", 1, found.Skip(i * row).Take(row).Sum(value => (double)value), 1e-5);
    }

    private static void Near(Findings findings, string what, double expected, double found, double tolerance)
    {
        if (!(Math.Abs(expected - found) <= tolerance))
            findings.Add(string.Create(CultureInfo.InvariantCulture, $"{what}: found {found:G7}, expected {expected:G7} within {tolerance:G3}."));
    }

    private static string Prototxt(string layer, string filler, int[] shape)
    {
        (string type, string input, string settings) = layer.Split(' ')[0] switch
        {
            "conv" => ("Convolution", $"dim: 1 dim: {shape[1]} dim: {shape[2]} dim: {shape[3]}",
                $"convolution_param {{ num_output: {shape[0]} kernel_h: {shape[2]} kernel_w: {shape[3]} weight_filler {{ {filler} }} }}"),
            "ip" => ("InnerProduct", $"dim: 1 dim: {shape[1]}", $"inner_product_param {{ num_output: {shape[0]} weight_filler {{ {filler} }} }}"),
            "deconv" => ("Deconvolution", $"dim: 1 dim: {shape[0]} dim: 2 dim: 2",
                $"convolution_param {{ num_output: {shape[0] * shape[1]} group: {shape[0]} kernel_size: {shape[2]} weight_filler {{ {filler} }} }}"),
            _ => throw new InvalidDataException($"Do not know how to draw weights for '{layer}'."),
        };
        return $"layer {{ name: \"x\" type: \"Input\" top: \"x\" input_param {{ shape {{ {input} }} }} }}"
            + $" layer {{ name: \"l\" type: \"{type}\" bottom: \"x\" top: \"y\" {settings} }}";
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static double Number(JsonElement json, string name) => json.GetProperty(name).GetDouble();
}
