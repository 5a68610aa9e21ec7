using Cortado.Backends.Contracts;
using Cortado.Backends.Cpu;
using Cortado.Tensors;

namespace Cortado.Tests.Backends;

/// <summary>The managed fully connected product against plain loops, with every vector width.</summary>
public class InnerProductTests
{
    public static MatrixTheoryData<int, string, bool> Shapes =>
        new([1, 2, 3, 4, 5, 8, 13, 33, 70], ["1 1", "7 3", "100 17", "33 130", "611 12", "512 2"], [false, true]);

    [Theory, MemberData(nameof(Shapes))]
    public void MatchesPlainLoops(int batch, string shape, bool transposed)
    {
        int[] sizes = Array.ConvertAll(shape.Split(' '), int.Parse);
        var spec = new InnerProductSpec { Batch = batch, Inputs = sizes[0], Outputs = sizes[1], TransposedWeights = transposed };
        foreach (SimdLevel simd in Enum.GetValues<SimdLevel>())
        {
            using var backend = new CpuBackend(2, simd);
            Check(backend, spec, simd.ToString());
            Check(backend, spec with { FuseRelu = true }, simd + " with ReLU");
            using var tiny = new CpuBackend(2, simd, new CacheSizes(2048, 8192));
            Check(tiny, spec, simd + " with tiny caches");
        }
    }

    private static void Check(CpuBackend backend, InnerProductSpec s, string what)
    {
        float[] input = Numbers.Random(s.Batch * s.Inputs, 1), weights = Numbers.Random(s.Inputs * s.Outputs, 2), bias = Numbers.Random(s.Outputs, 3);
        float[] outputDiff = Numbers.Random(s.Batch * s.Outputs, 4), oldWeightsDiff = Numbers.Random(weights.Length, 5), oldBiasDiff = Numbers.Random(s.Outputs, 6);
        double[] output = new double[outputDiff.Length], plain = new double[outputDiff.Length], inputDiff = new double[input.Length];
        double[] weightsDiff = Array.ConvertAll(oldWeightsDiff, v => (double)v), biasDiff = Array.ConvertAll(oldBiasDiff, v => (double)v);
        for (int n = 0; n < s.Batch; n++)
            for (int o = 0; o < s.Outputs; o++)
            {
                double dy = outputDiff[n * s.Outputs + o], sum = 0;
                for (int i = 0; i < s.Inputs; i++)
                {
                    int w = s.TransposedWeights ? i * s.Outputs + o : o * s.Inputs + i;
                    sum += (double)input[n * s.Inputs + i] * weights[w];
                    inputDiff[n * s.Inputs + i] += dy * weights[w];
                    weightsDiff[w] += dy * input[n * s.Inputs + i];
                }
                biasDiff[o] += dy;
                plain[n * s.Outputs + o] = s.FuseRelu ? Math.Max(sum, 0) : sum;
                output[n * s.Outputs + o] = s.FuseRelu ? Math.Max(sum + bias[o], 0) : sum + bias[o];
            }
        using IInnerProduct product = backend.Prepare(s);
        DeviceBuffer x = backend.Buffer(input), w0 = backend.Buffer(weights), b = backend.Buffer(bias), dy0 = backend.Buffer(outputDiff);
        DeviceBuffer y = backend.Garbage(outputDiff.Length), dx = backend.Garbage(input.Length), dw = backend.Buffer(oldWeightsDiff), db = backend.Buffer(oldBiasDiff);
        product.Forward(x, w0, b, y);
        Numbers.AssertClose(output, y.Read(), what + ": forward");
        product.Forward(x, w0, null, y);
        Numbers.AssertClose(plain, y.Read(), what + ": forward without bias");
        product.BackwardData(dy0, w0, dx);
        Numbers.AssertClose(inputDiff, dx.Read(), what + ": backward data");
        product.BackwardWeights(x, dy0, dw, db);
        Numbers.AssertClose(weightsDiff, dw.Read(), what + ": backward weights");
        Numbers.AssertClose(biasDiff, db.Read(), what + ": backward bias");
    }
}
