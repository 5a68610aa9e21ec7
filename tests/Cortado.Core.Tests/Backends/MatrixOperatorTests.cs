using Cortado.Backends.Contracts;
using Cortado.Backends.Cpu;
using Cortado.Tensors;
using CsCheck;

namespace Cortado.Tests.Backends;

/// <summary>What convolutions and fully connected products promise beyond their values: the same bits, nothing allocated, NaN seen.</summary>
public class MatrixOperatorTests
{
    private static readonly string[] ThreadShapes =
    [
        "15 3 23 23 9 11 11 4 4 0 0 1 1 1", "9 4 13 13 50 5 5 1 1 2 2 1 1 2", "20 32 6 6 48 3 3 1 1 1 1 1 1 2", "1 64 6 6 96 3 3 1 1 1 1 1 1 1",
        "23 5 17 19 13 3 3 2 2 1 1 1 1 1", "30 2 20 20 3 3 3 1 1 1 1 1 1 1",
    ];

    public static TheoryData<string> Kernels => [nameof(CpuKernels.Best), nameof(SimdLevel.Vector4), nameof(SimdLevel.Scalar)];

    [Theory, MemberData(nameof(Kernels))]
    public void ThreadsDoNotChangeTheBits(string kernels)
    {
        SimdLevel simd = kernels == nameof(CpuKernels.Best) ? CpuKernels.Best : Enum.Parse<SimdLevel>(kernels);
        foreach (string shape in ThreadShapes)
        {
            float[][] expected = RunConvolution(1, simd, shape);
            foreach (int threads in new[] { 2, 3, 7 }) AssertSame(expected, RunConvolution(threads, simd, shape), $"{shape}, {threads} threads");
        }
        foreach ((int batch, int inputs, int outputs) in new[] { (1, 700, 300), (3, 500, 1000), (20, 900, 333), (70, 2000, 130), (700, 40, 50) })
            foreach (bool transposed in new[] { false, true })
            {
                float[][] expected = RunInnerProduct(1, simd, batch, inputs, outputs, transposed);
                foreach (int threads in new[] { 2, 3, 7 })
                    AssertSame(expected, RunInnerProduct(threads, simd, batch, inputs, outputs, transposed), $"{batch} x {inputs} x {outputs}, {threads} threads");
            }
    }

    [Fact]
    public void RandomShapesMatchPlainLoops()
    {
        using var backend = new CpuBackend(2);
        using var tiny = new CpuBackend(3, SimdLevel.Vector128, new CacheSizes(4096, 16384));
        Gen<int> size = Gen.Int[1, 12], small = Gen.Int[1, 4];
        Gen.Select(Gen.Select(Gen.Int[1, 6], Gen.Int[1, 3], Gen.Int[1, 5], Gen.Int[1, 20]), Gen.Select(size, size, small, small),
                Gen.Select(Gen.Int[1, 3], Gen.Int[1, 3], Gen.Int[0, 4], Gen.Int[0, 4]), Gen.Select(Gen.Int[1, 2], Gen.Int[1, 2], Gen.Bool))
            .Select((a, b, c, d) => new ConvolutionSpec
            {
                Batch = a.Item1,
                Groups = a.Item2,
                InChannels = a.Item2 * a.Item3,
                OutChannels = a.Item2 * a.Item4,
                InHeight = b.Item1,
                InWidth = b.Item2,
                KernelHeight = b.Item3,
                KernelWidth = b.Item4,
                StrideHeight = c.Item1,
                StrideWidth = c.Item2,
                PadHeight = c.Item3,
                PadWidth = c.Item4,
                DilationHeight = d.Item1,
                DilationWidth = d.Item2,
                FuseRelu = d.Item3,
            })
            .Where(s => s.InHeight + 2 * s.PadHeight > s.DilationHeight * (s.KernelHeight - 1) && s.InWidth + 2 * s.PadWidth > s.DilationWidth * (s.KernelWidth - 1))
            .Sample(spec =>
            {
                ConvolutionTests.Check(backend, spec, spec.ToString());
                ConvolutionTests.Check(tiny, spec, spec.ToString());
            }, iter: 200, threads: 1);
    }

    [Fact]
    public void FrozenWeightsArePackedAgainWhenTheyChanged()
    {
        using var backend = new CpuBackend(2);
        ConvolutionSpec spec = ConvolutionTests.Parse("1 6 9 9 20 3 3 1 1 1 1 1 1 1") with { FrozenWeights = true };
        float[] input = Numbers.Random(ConvolutionReference.InputCount(spec), 1);
        using IConvolution convolution = backend.Prepare(spec);
        DeviceBuffer x = backend.Buffer(input), w = backend.Allocate(ConvolutionReference.WeightCount(spec)), y = backend.Garbage(ConvolutionReference.OutputCount(spec));
        for (int seed = 0; seed < 3; seed++)
        {
            float[] weights = Numbers.Random(w.Count, seed);
            weights.CopyTo(w.Write());
            convolution.WeightsChanged();
            for (int again = 0; again < 2; again++)
            {
                convolution.Forward(x, w, null, y);
                Numbers.AssertClose(ConvolutionReference.Forward(spec, input, weights, null), y.Read(), "frozen");
            }
        }
    }

    [Fact]
    public void StepsAllocateNothing()
    {
        using var backend = new CpuBackend(2);
        var steps = new List<Action>();
        foreach (string shape in ThreadShapes)
        {
            ConvolutionSpec spec = ConvolutionTests.Parse(shape, relu: true);
            IConvolution convolution = backend.Prepare(spec);
            DeviceBuffer x = backend.Allocate(ConvolutionReference.InputCount(spec)), dx = backend.Allocate(x.Count), w = backend.Allocate(ConvolutionReference.WeightCount(spec));
            DeviceBuffer dw = backend.Allocate(w.Count), b = backend.Allocate(spec.OutChannels), db = backend.Allocate(b.Count);
            DeviceBuffer y = backend.Allocate(ConvolutionReference.OutputCount(spec)), dy = backend.Allocate(y.Count);
            steps.Add(() =>
            {
                convolution.Forward(x, w, b, y);
                convolution.BackwardData(dy, w, dx);
                convolution.BackwardWeights(x, dy, dw, db);
            });
        }
        foreach (int batch in new[] { 1, 3, 40 })
        {
            var spec = new InnerProductSpec { Batch = batch, Inputs = 600, Outputs = 70, FuseRelu = true };
            IInnerProduct product = backend.Prepare(spec);
            DeviceBuffer x = backend.Allocate(batch * 600), dx = backend.Allocate(x.Count), w = backend.Allocate(42000), dw = backend.Allocate(42000);
            DeviceBuffer b = backend.Allocate(70), db = backend.Allocate(70), y = backend.Allocate(batch * 70), dy = backend.Allocate(y.Count);
            steps.Add(() =>
            {
                product.Forward(x, w, b, y);
                product.BackwardData(dy, w, dx);
                product.BackwardWeights(x, dy, dw, db);
            });
        }
        foreach (Action step in steps) step();
        foreach (Action step in steps) Assert.Equal(0, Allocated.InQuietestRound(step));
    }

    [Fact]
    public void NonFiniteValuesGoWhereAPlainConvolutionSendsThem()
    {
        ConvolutionSpec spec = ConvolutionTests.Parse("3 4 9 8 14 3 3 1 1 1 1 1 1 1");
        float[] input = Numbers.Random(ConvolutionReference.InputCount(spec), 1), weights = Numbers.Random(ConvolutionReference.WeightCount(spec), 2);
        float[] outputDiff = Numbers.Random(ConvolutionReference.OutputCount(spec), 3);
        input[40] = float.NaN;
        input[700] = float.PositiveInfinity;
        outputDiff[100] = float.NegativeInfinity;
        // Inside the plane: at its border the padding's zeros would take part, here as in Caffe, and 0 * inf is NaN.
        outputDiff[2030] = float.NaN;
        foreach (SimdLevel simd in Enum.GetValues<SimdLevel>())
        {
            using var backend = new CpuBackend(2, simd);
            using IConvolution convolution = backend.Prepare(spec);
            DeviceBuffer x = backend.Buffer(input), w = backend.Buffer(weights), dy = backend.Buffer(outputDiff);
            DeviceBuffer y = backend.Garbage(outputDiff.Length), dx = backend.Garbage(input.Length), dw = backend.Allocate(weights.Length);
            convolution.Forward(x, w, null, y);
            Numbers.AssertClose(ConvolutionReference.Forward(spec, input, weights, null), y.Read(), simd + ": forward");
            convolution.BackwardData(dy, w, dx);
            Numbers.AssertClose(ConvolutionReference.BackwardData(spec, outputDiff, weights), dx.Read(), simd + ": backward data");
            convolution.BackwardWeights(x, dy, dw, null);
            Numbers.AssertClose(ConvolutionReference.BackwardWeights(spec, input, outputDiff), dw.Read(), simd + ": backward weights");
        }
    }

    [Fact]
    public void FusedReluIsCaffes()
    {
        foreach (SimdLevel simd in Enum.GetValues<SimdLevel>())
            foreach (int batch in new[] { 1, 6 })
            {
                using var backend = new CpuBackend(1, simd);
                float[] specials = [float.NegativeInfinity, float.PositiveInfinity, float.NaN, -0.0f, -3, 5];
                float[] input = new float[batch];
                Array.Fill(input, 1);
                float[] expected = [float.NaN, float.PositiveInfinity, float.NaN, 0, 0, 5];
                using IInnerProduct product = backend.Prepare(new InnerProductSpec { Batch = batch, Inputs = 1, Outputs = 6, FuseRelu = true });
                DeviceBuffer x = backend.Buffer(input), w = backend.Buffer(specials), y = backend.Garbage(6 * batch);
                product.Forward(x, w, null, y);
                for (int i = 0; i < 6 * batch; i++) Assert.Equal(expected[i % 6], y.Read()[i]);
                using IConvolution convolution = backend.Prepare(ConvolutionTests.Parse($"{batch} 1 1 1 6 1 1 1 1 0 0 1 1 1", relu: true));
                DeviceBuffer z = backend.Garbage(6 * batch);
                convolution.Forward(x, w, null, z);
                for (int i = 0; i < 6 * batch; i++) Assert.Equal(expected[i % 6], z.Read()[i]);
            }
    }

    private static float[][] RunConvolution(int threads, SimdLevel simd, string shape)
    {
        using var backend = new CpuBackend(threads, simd);
        ConvolutionSpec spec = ConvolutionTests.Parse(shape, relu: true);
        using IConvolution convolution = backend.Prepare(spec);
        DeviceBuffer x = backend.Buffer(Numbers.Random(ConvolutionReference.InputCount(spec), 1)), w = backend.Buffer(Numbers.Random(ConvolutionReference.WeightCount(spec), 2));
        DeviceBuffer b = backend.Buffer(Numbers.Random(spec.OutChannels, 3)), dy = backend.Buffer(Numbers.Random(ConvolutionReference.OutputCount(spec), 4));
        DeviceBuffer y = backend.Garbage(dy.Count), dx = backend.Garbage(x.Count), dw = backend.Allocate(w.Count), db = backend.Allocate(b.Count);
        convolution.Forward(x, w, b, y);
        convolution.BackwardData(dy, w, dx);
        convolution.BackwardWeights(x, dy, dw, db);
        return [y.Read().ToArray(), dx.Read().ToArray(), dw.Read().ToArray(), db.Read().ToArray()];
    }

    private static float[][] RunInnerProduct(int threads, SimdLevel simd, int batch, int inputs, int outputs, bool transposed)
    {
        using var backend = new CpuBackend(threads, simd);
        using IInnerProduct product = backend.Prepare(new InnerProductSpec { Batch = batch, Inputs = inputs, Outputs = outputs, TransposedWeights = transposed });
        DeviceBuffer x = backend.Buffer(Numbers.Random(batch * inputs, 1)), w = backend.Buffer(Numbers.Random(inputs * outputs, 2));
        DeviceBuffer b = backend.Buffer(Numbers.Random(outputs, 3)), dy = backend.Buffer(Numbers.Random(batch * outputs, 4));
        DeviceBuffer y = backend.Garbage(dy.Count), dx = backend.Garbage(x.Count), dw = backend.Allocate(w.Count), db = backend.Allocate(b.Count);
        product.Forward(x, w, b, y);
        product.BackwardData(dy, w, dx);
        product.BackwardWeights(x, dy, dw, db);
        return [y.Read().ToArray(), dx.Read().ToArray(), dw.Read().ToArray(), db.Read().ToArray()];
    }

    private static void AssertSame(float[][] expected, float[][] actual, string what)
    {
        string[] names = ["output", "input diff", "weights diff", "bias diff"];
        for (int i = 0; i < expected.Length; i++) Assert.True(expected[i].AsSpan().SequenceEqual(actual[i]), $"{what}: {names[i]} differs");
    }
}
