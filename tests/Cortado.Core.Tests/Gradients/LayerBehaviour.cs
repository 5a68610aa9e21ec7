using Cortado.Backends;
using Cortado.Nets;
using Cortado.Tensors;

namespace Cortado.Tests.Gradients;

/// <summary>What must hold for every layer, whatever it computes: of reshaping, of frozen weights, of repeating.</summary>
public class LayerBehaviour
{
    // The batch is fixed by learnable blobs that span it.
    private static readonly string[] FixedBatch = ["scale_all", "scale_by_bottom", "bias_by_bottom", "infogain", "parameter"];

    public static TheoryData<string> Cases => LayerGradients.Cases;

    public static TheoryData<string> OfAnyBatch => new(GradientCases.All.Select(described => described.Name).Except(FixedBatch));

    public static TheoryData<string> WithParams => new(GradientCases.All.Where(HasParams).Select(described => described.Name));

    /// <summary>A network that is given larger, then smaller batches computes the bits of one built for them.</summary>
    [Theory]
    [MemberData(nameof(OfAnyBatch))]
    public void AnotherBatchIsAsIfBuiltForIt(string name)
    {
        GradientCase described = Find(name);
        using IBackend backend = TestBackend.Create();
        using var reshaped = new CaseNet(described, backend, 3);
        reshaped.Backward();
        foreach (int batch in new[] { 5, 1, 3 })
        {
            GradientCase other = described with { Inputs = described.Inputs.Select(input => input with { Shape = [batch, .. input.Shape[1..]] }).ToArray() };
            using var built = new CaseNet(other, backend, 3);
            reshaped.Become(built);
            Run(built);
            Run(reshaped);
            Same(built, reshaped, $"batch {batch}");
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void TwoBackwardPassesAddUp(string name)
    {
        using IBackend backend = TestBackend.Create();
        using var net = new CaseNet(Find(name), backend, 5);
        Run(net);
        float[][] bottoms = Bottoms(net), once = Params(net);
        net.Forward();
        net.Backward();
        float[][] again = Bottoms(net), twice = Params(net);
        for (int i = 0; i < bottoms.Length; i++) Assert.Equal(bottoms[i], again[i]);
        var findings = new Findings();
        for (int i = 0; i < once.Length; i++) findings.Add(ArrayDifference.Describe($"learnable blob {i}", Array.ConvertAll(once[i], value => 2 * value), twice[i], 1e-6));
        findings.Check();
    }

    /// <summary>lr_mult 0 leaves a blob's gradient alone and changes no other.</summary>
    [Theory]
    [MemberData(nameof(WithParams))]
    public void AFrozenBlobHasNoGradient(string name)
    {
        GradientCase described = Find(name);
        // What stands on no way to a loss is not computed without force_backward.
        described = described with { Layers = described.Layers + " layer { name: \"sum\" type: \"Reduction\" bottom: \"y\" top: \"objective\" loss_weight: 1 reduction_param { operation: SUMSQ } }" };
        using IBackend backend = TestBackend.Create();
        using var whole = new CaseNet(described, backend, 6);
        Run(whole);
        int count = whole.Net.Params.Count;
        for (int frozen = 0; frozen < count; frozen++)
        {
            string specs = string.Concat(Enumerable.Range(0, count).Select(i => $" param {{ lr_mult: {(i == frozen ? 0 : 1)} }}"));
            string layers = described.Layers.Replace("name: \"l\"", $"name: \"l\"{specs}", StringComparison.Ordinal);
            using var net = new CaseNet(described with { Layers = layers }, backend, 6, forceBackward: false);
            foreach (LearnableParam param in net.Net.Params) param.Blob.WriteDiff().Clear();
            net.Net.Params[frozen].Blob.WriteDiff().Fill(7);
            net.Forward();
            net.Backward();
            for (int i = 0; i < count; i++)
                if (i == frozen) Assert.All(net.Net.Params[i].Blob.ReadDiff().ToArray(), value => Assert.Equal(7, value));
                else Assert.Equal(whole.Net.Params[i].Blob.ReadDiff().ToArray(), net.Net.Params[i].Blob.ReadDiff().ToArray());
        }
    }

    private static void Run(CaseNet net)
    {
        foreach (LearnableParam param in net.Net.Params) param.Blob.WriteDiff().Clear();
        net.Forward();
        net.Backward();
    }

    private static void Same(CaseNet expected, CaseNet found, string when)
    {
        var findings = new Findings();
        for (int i = 0; i < expected.Net.Outputs.Count; i++)
        {
            Assert.Equal(expected.Net.Outputs[i].Shape, found.Net.Outputs[i].Shape);
            findings.Add(ArrayDifference.Describe($"{when}: {expected.Net.Outputs[i].Name}", expected.Net.Outputs[i].ReadData(), found.Net.Outputs[i].ReadData(), 0));
        }
        float[][] wanted = Bottoms(expected), got = Bottoms(found);
        for (int i = 0; i < wanted.Length; i++) findings.Add(ArrayDifference.Describe($"{when}: gradient of bottom {i}", wanted[i], got[i], 0));
        wanted = Params(expected);
        got = Params(found);
        for (int i = 0; i < wanted.Length; i++) findings.Add(ArrayDifference.Describe($"{when}: gradient of learnable blob {i}", wanted[i], got[i], 0));
        findings.Check();
    }

    private static float[][] Bottoms(CaseNet net) =>
        net.Case.Inputs.Where(input => input.Check).Select(input => net.Net.Blob(input.Name).ReadDiff().ToArray()).ToArray();

    private static float[][] Params(CaseNet net) => net.Net.Params.Select(param => param.Blob.ReadDiff().ToArray()).ToArray();

    private static bool HasParams(GradientCase described) => described.CheckParams
        && new[] { "Convolution", "Deconvolution", "InnerProduct", "PReLU", "Embed", "Scale", "Bias" }.Any(type => described.Layers.Contains($"name: \"l\" type: \"{type}\"", StringComparison.Ordinal))
        && !described.Name.EndsWith("by_bottom", StringComparison.Ordinal);

    private static GradientCase Find(string name) => GradientCases.All.Single(described => described.Name == name);
}
