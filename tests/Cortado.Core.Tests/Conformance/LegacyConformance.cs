using System.Text.Json;
using Cortado.Backends;
using Cortado.Formats;
using Cortado.Nets;

namespace Cortado.Tests.Conformance;

/// <summary>Networks and weights of older generations: upgraded and run as Caffe runs them.</summary>
public class LegacyConformance
{
    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        if (!GoldenFolder.Has("legacy/index.json")) return cases;
        foreach (string network in new[] { "v1_deploy.prototxt", "v1_upgraded_by_caffe.prototxt" })
            foreach (string weights in new[] { "v1.caffemodel", "v1_resaved_by_caffe.caffemodel" })
                if (GoldenFolder.Has("legacy/" + network) && GoldenFolder.Has("legacy/" + weights)) cases.Add(network, weights);
        return cases;
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Cases))]
    public void Answer(string network, string weights)
    {
        JsonElement index = GoldenFolder.Index("legacy/index.json")!.Value;
        using IBackend backend = TestBackend.Create();
        using Net net = Net.Build(NetFile.Load(GoldenFolder.PathOf("legacy/" + network)).Message, new NetOptions { Backend = backend });
        WeightReport report = WeightLoader.Load(net, GoldenFolder.PathOf("legacy/" + weights));
        Assert.Equal(0, report.Count(WeightOutcome.OtherShape) + report.Count(WeightOutcome.NotInFile));
        GoldenFolder.Floats("legacy/input.f32").CopyTo(net.Inputs[0].WriteData());
        net.Forward();
        var findings = new Findings();
        foreach (string blob in new[] { "ip1", "prob" })
        {
            float[] expected = index.GetProperty(blob).EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(value => value.GetSingle()).ToArray();
            findings.Add(ArrayDifference.Describe(blob, expected, net.Blob(blob).ReadData()));
        }
        findings.Add(ArrayDifference.Describe("prob.f32", GoldenFolder.Floats("legacy/prob.f32"), net.Blob("prob").ReadData()));
        findings.Check();
    }
}
