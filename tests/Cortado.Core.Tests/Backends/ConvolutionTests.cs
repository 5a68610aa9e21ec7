using Cortado.Backends.Contracts;
using Cortado.Backends.Cpu;
using Cortado.Tensors;

namespace Cortado.Tests.Backends;

/// <summary>The managed convolution against plain loops, with every vector width.</summary>
public class ConvolutionTests
{
    /// <summary>Batch, channels, height, width, outputs, kernel h w, stride h w, pad h w, dilation h w, groups.</summary>
    public static TheoryData<string> Shapes =>
    [
        "1 1 1 1 1 1 1 1 1 0 0 1 1 1",
        "1 1 5 7 1 3 3 1 1 0 0 1 1 1",
        "2 3 11 9 5 3 3 1 1 1 1 1 1 1",
        "3 3 23 23 7 11 11 4 4 0 0 1 1 1",
        "2 4 13 13 6 5 5 1 1 2 2 1 1 2",
        "5 6 6 6 10 3 3 1 1 1 1 1 1 2",
        "2 5 8 9 4 1 1 1 1 0 0 1 1 1",
        "2 5 9 8 4 1 1 2 2 0 0 1 1 1",
        "2 2 9 9 3 2 2 2 2 3 3 1 1 1",
        "1 2 7 8 3 3 2 2 3 4 5 1 1 1",
        "2 3 12 11 4 3 3 1 1 2 2 2 2 1",
        "2 3 14 17 4 3 3 2 3 2 1 2 3 1",
        "4 8 4 4 9 4 4 1 1 0 0 1 1 1",
        "37 3 3 3 5 3 3 1 1 0 0 1 1 1",
        "3 2 5 5 33 3 3 1 1 1 1 1 1 1",
        "2 13 6 6 49 3 3 1 1 1 1 1 1 1",
        "1 8 40 70 2 3 3 1 1 1 1 1 1 1",
        "1 6 3 150 12 3 5 1 2 1 2 1 1 6",
        "2 3 6 6 4 1 1 3 3 0 0 1 1 1",
        "2 2 6 7 4 2 3 1 1 3 5 1 1 1",
        "1 150 5 5 14 3 3 1 1 1 1 1 1 1",
        "2 2 3 3 2 1 1 1 1 2 2 1 1 2",
    ];

    internal static ConvolutionSpec Parse(string shape, bool relu = false)
    {
        int[] v = Array.ConvertAll(shape.Split(' '), int.Parse);
        return new ConvolutionSpec
        {
            Batch = v[0],
            InChannels = v[1],
            InHeight = v[2],
            InWidth = v[3],
            OutChannels = v[4],
            KernelHeight = v[5],
            KernelWidth = v[6],
            StrideHeight = v[7],
            StrideWidth = v[8],
            PadHeight = v[9],
            PadWidth = v[10],
            DilationHeight = v[11],
            DilationWidth = v[12],
            Groups = v[13],
            FuseRelu = relu,
        };
    }

    [Theory, MemberData(nameof(Shapes))]
    public void MatchesPlainLoops(string shape)
    {
        foreach (SimdLevel simd in Enum.GetValues<SimdLevel>())
        {
            using var backend = new CpuBackend(2, simd);
            Check(backend, Parse(shape), simd.ToString());
            Check(backend, Parse(shape, relu: true), simd + " with ReLU");
            // Tiny caches: every loop over blocks runs more than once.
            using var tiny = new CpuBackend(2, simd, new CacheSizes(2048, 8192));
            Check(tiny, Parse(shape), simd + " with tiny caches");
        }
    }

    internal static void Check(CpuBackend backend, ConvolutionSpec spec, string what)
    {
        float[] input = Numbers.Random(ConvolutionReference.InputCount(spec), 1), weights = Numbers.Random(ConvolutionReference.WeightCount(spec), 2);
        float[] bias = Numbers.Random(spec.OutChannels, 3), outputDiff = Numbers.Random(ConvolutionReference.OutputCount(spec), 4);
        float[] oldWeightsDiff = Numbers.Random(weights.Length, 5), oldBiasDiff = Numbers.Random(bias.Length, 6);
        using IConvolution convolution = backend.Prepare(spec);
        DeviceBuffer x = backend.Buffer(input), w = backend.Buffer(weights), b = backend.Buffer(bias), dy = backend.Buffer(outputDiff);
        DeviceBuffer y = backend.Garbage(outputDiff.Length), dx = backend.Garbage(input.Length), dw = backend.Buffer(oldWeightsDiff), db = backend.Buffer(oldBiasDiff);

        convolution.Forward(x, w, b, y);
        Numbers.AssertClose(ConvolutionReference.Forward(spec, input, weights, bias), y.Read(), what + ": forward");
        convolution.Forward(x, w, null, y);
        Numbers.AssertClose(ConvolutionReference.Forward(spec, input, weights, null), y.Read(), what + ": forward without bias");
        convolution.BackwardData(dy, w, dx);
        Numbers.AssertClose(ConvolutionReference.BackwardData(spec, outputDiff, weights), dx.Read(), what + ": backward data");
        convolution.BackwardWeights(x, dy, dw, db);
        double[] expected = ConvolutionReference.BackwardWeights(spec, input, outputDiff);
        for (int i = 0; i < expected.Length; i++) expected[i] += oldWeightsDiff[i];
        Numbers.AssertClose(expected, dw.Read(), what + ": backward weights");
        double[] expectedBias = ConvolutionReference.BackwardBias(spec, outputDiff);
        for (int i = 0; i < expectedBias.Length; i++) expectedBias[i] += oldBiasDiff[i];
        Numbers.AssertClose(expectedBias, db.Read(), what + ": backward bias");
    }
}
