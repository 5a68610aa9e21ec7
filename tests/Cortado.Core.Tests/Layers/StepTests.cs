using Cortado.Backends.Cpu;
using Cortado.Layers;
using Cortado.Nets;
using Cortado.Tensors;

namespace Cortado.Tests.Layers;

/// <summary>What holds for every step of every layer here: the same bits on any number of threads, and no memory allocated.</summary>
public class StepTests
{
    private const string Labels = " layer { name: \"silent\" type: \"Silence\" bottom: \"label\" }";

    private static readonly Dictionary<string, string> Layers = new()
    {
        ["softmax"] = One("Softmax", "") + Labels,
        ["softmax_loss"] = "layer { name: \"l\" type: \"SoftmaxWithLoss\" bottom: \"x\" bottom: \"label\" top: \"y\" }" + Unused,
        ["accuracy"] = "layer { name: \"l\" type: \"Accuracy\" bottom: \"x\" bottom: \"label\" top: \"y\" }" + Unused,
        ["infogain"] = "layer { name: \"l\" type: \"InfogainLoss\" bottom: \"x\" bottom: \"label\" bottom: \"h\" top: \"y\" }" + " layer { name: \"u\" type: \"Silence\" bottom: \"x2\" }",
        ["sigmoid_loss"] = Two("SigmoidCrossEntropyLoss", ""),
        ["euclidean"] = Two("EuclideanLoss", ""),
        ["sum"] = Two("Eltwise", ""),
        ["product"] = Two("Eltwise", "eltwise_param { operation: PROD }"),
        ["max"] = Two("Eltwise", "eltwise_param { operation: MAX }"),
        ["concat"] = Two("Concat", ""),
        ["slice"] = One("Slice", "top: \"y2\" slice_param { slice_point: 2 }") + Labels,
        ["split"] = One("Split", "top: \"y2\" top: \"y3\"") + Labels,
        ["tile"] = One("Tile", "tile_param { tiles: 3 }") + Labels,
        ["argmax"] = One("ArgMax", "argmax_param { axis: 1 top_k: 2 }") + Labels,
        ["reduction"] = One("Reduction", "reduction_param { operation: SUMSQ axis: 1 }") + Labels,
        ["scale"] = One("Scale", "scale_param { bias_term: true }") + Labels,
        ["scale_last"] = One("Scale", "scale_param { axis: 3 }") + Labels,
        ["bias"] = One("Bias", "") + Labels,
        ["batch_norm"] = One("BatchNorm", "") + Labels,
        ["convolution"] = One("Convolution", "convolution_param { num_output: 4 kernel_size: 3 pad: 1 weight_filler { type: 'xavier' } }") + Labels,
        ["deconvolution"] = One("Deconvolution", "convolution_param { num_output: 3 kernel_size: 2 stride: 2 weight_filler { type: 'xavier' } }") + Labels,
        ["inner_product"] = One("InnerProduct", "inner_product_param { num_output: 6 weight_filler { type: 'msra' } }") + Labels,
        ["pool_max"] = One("Pooling", "pooling_param { kernel_size: 3 stride: 2 }") + Labels,
        ["pool_max_mask"] = One("Pooling", "top: \"mask\" pooling_param { kernel_size: 2 pad: 1 }") + Labels,
        ["pool_ave"] = One("Pooling", "pooling_param { pool: AVE kernel_size: 3 stride: 2 pad: 1 }") + Labels,
        ["lrn_across"] = One("LRN", "lrn_param { local_size: 3 }") + Labels,
        ["lrn_within"] = One("LRN", "lrn_param { local_size: 3 norm_region: WITHIN_CHANNEL beta: 0.5 }") + Labels,
        ["dropout"] = One("Dropout", "") + Labels,
        ["prelu"] = One("PReLU", "prelu_param { channel_shared: true }") + Labels,
        ["elu"] = One("ELU", "") + Labels,
        ["sigmoid"] = One("Sigmoid", "") + Labels,
        ["tanh"] = One("TanH", "") + Labels,
        ["power"] = One("Power", "power_param { power: 2 shift: 1 }") + Labels,
        ["swish"] = One("Swish", "") + Labels,
        ["dummy_data"] = One("TanH", "") + Labels + " layer { name: \"d\" type: \"DummyData\" top: \"d\" dummy_data_param { shape { dim: 7 } data_filler { type: 'gaussian' } } }",
        ["mvn"] = One("MVN", "") + Labels,
    };

    public static TheoryData<string> Names => new(Layers.Keys);

    private static string Unused => " layer { name: \"u\" type: \"Silence\" bottom: \"x2\" bottom: \"h\" }";

    private static string One(string type, string settings) =>
        $"layer {{ name: \"l\" type: \"{type}\" bottom: \"x\" top: \"y\" {settings} }}" + Unused;

    private static string Two(string type, string settings) =>
        $"layer {{ name: \"l\" type: \"{type}\" bottom: \"x\" bottom: \"x2\" top: \"y\" {settings} }}" + Labels + " layer { name: \"u\" type: \"Silence\" bottom: \"h\" }";

    [Theory]
    [MemberData(nameof(Names))]
    public void AnyNumberOfThreadsGivesTheSameBits(string name)
    {
        float[][] expected = Run(name, 1);
        foreach (int threads in new[] { 2, 3, 5 })
        {
            float[][] found = Run(name, threads);
            for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], found[i]);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AStepAllocatesNothing(string name)
    {
        using SmallNet net = Build(name, 1);
        Assert.Equal(0, Allocated.InQuietestRound(() => Step(net)));
    }

    private static float[][] Run(string name, int threads)
    {
        using SmallNet net = Build(name, threads);
        Step(net);
        return [.. net.Net.Outputs.Select(blob => blob.ReadData().ToArray()), net.Diff("x"), net.Diff("x2"), .. net.Net.Params.Select(param => param.Blob.ReadDiff().ToArray())];
    }

    private static SmallNet Build(string name, int threads)
    {
        var net = new SmallNet("force_backward: true " + Layers[name], ["x 7 5 41 33", "x2 7 5 41 33", "label 7 41 33", "h 5 5"], backend: new CpuBackend(threads));
        net.Randomize("x", 1).Randomize("x2", 2).Randomize("h", 3);
        Span<float> label = net.Net.Blob("label").WriteData();
        for (int i = 0; i < label.Length; i++) label[i] = i * 7 % 5;
        foreach (Blob output in net.Net.Outputs)
            if (output.Count > 1) SmallNet.Fill(output.WriteDiff(), 4);
        return net;
    }

    private static void Step(SmallNet net)
    {
        net.Net.Forward();
        net.Net.Backward();
    }
}
