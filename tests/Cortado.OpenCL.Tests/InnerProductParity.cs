using Cortado.Backends;
using Cortado.Backends.Contracts;
using Cortado.Backends.Cpu;
using Cortado.OpenCL;
using Cortado.Tensors;
using CsCheck;

namespace Cortado.Tests;

/// <summary>Fully connected products over awkward shapes.</summary>
[Collection(nameof(ParityCollection))]
public class InnerProductParity(Parity parity)
{
    public static TheoryData<int, int, int> Shapes => new()
    {
        // batch, inputs, outputs
        { 1, 1, 1 },
        { 1, 37, 53 },
        { 2, 256, 130 },
        { 3, 1000, 2 },
        { 4, 5, 300 },
        { 1, 600, 517 },
        { 3, 18, 259 },
        { 5, 3, 2 },
        { 12, 32, 32 },
        { 13, 33, 35 },
        { 16, 40, 24 },
        { 6, 22, 14 },
        { 64, 300, 17 },
        { 7, 2500, 40 },
        { 100, 1, 90 },
        { 301, 60, 250 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void InnerProduct(int batch, int inputs, int outputs)
    {
        Multiply(batch, inputs, outputs, false);
        Multiply(batch, inputs, outputs, true);
    }

    [Fact]
    public void InnerProductOfAnyShape() =>
        parity.ForAny(() => Gen.Select(Gen.Int[1, 70], Gen.Int[1, 150], Gen.Int[1, 150], Gen.Bool).Sample(Multiply, iter: 25, threads: 1));

    [Fact]
    public void HalfPrecisionLosesThreeDigits()
    {
        if (parity.Missing != null) TestBackend.Absent("opencl", parity.Missing);
        foreach ((int outputs, bool transposed) in new[] { (77, false), (77, true), (300, false), (300, true) })
        {
            var spec = new InnerProductSpec { Batch = 2, Inputs = 515, Outputs = outputs, FrozenWeights = true, TransposedWeights = transposed };
            foreach (bool asGpu in new[] { false, true })
            {
                using var backend = new OpenClBackend(parity.Device.Device, new OpenClOptions { HalfWeights = true, AsGpu = asGpu });
                using Stage exact = new(parity.Device), half = new(backend);
                float[] Run(Stage stage)
                {
                    IInnerProduct op = stage.Prepare(spec);
                    DeviceBuffer x = stage.Random(2 * 515), w = stage.Random(515 * outputs), b = stage.Random(outputs), y = stage.Room(2 * outputs);
                    op.Forward(x, w, b, y);
                    op.Forward(x, w, b, y);
                    return y.Read()[..(2 * outputs)].ToArray();
                }

                float[] expected = Run(exact), found = Run(half);
                double worst = expected.Zip(found, (e, f) => Math.Abs(e - f)).Max(), largest = expected.Max(Math.Abs);
                Assert.InRange(worst / largest, 1e-7, 1e-3);
            }
        }
    }

    /// <summary>A gradient that is zero by word only is overwritten by the first product, added to by the second.</summary>
    [Theory]
    [InlineData(64, 33, 70, false)]
    [InlineData(13, 70, 33, true)]
    // Larger than the caches that it is written past.
    [InlineData(2, 2048, 2080, false)]
    public void GradientsBeginAtZero(int batch, int inputs, int outputs, bool transposed)
    {
        if (parity.Missing != null) TestBackend.Absent("opencl", parity.Missing);
        using var managed = new CpuBackend();
        var found = new List<float[]>();
        foreach (IBackend backend in new IBackend[] { managed, parity.Device, parity.AsGpu })
        {
            using IInnerProduct op = backend.Prepare(new InnerProductSpec { Batch = batch, Inputs = inputs, Outputs = outputs, TransposedWeights = transposed });
            // Of exactly the gradient's size: only then is all of it overwritten.
            using DeviceBuffer x = backend.Allocate(batch * inputs), dy = backend.Allocate(batch * outputs), dw = backend.Allocate(inputs * outputs);
            for (int i = 0; i < x.Count; i++) x.Update()[i] = i % 7 - 3;
            for (int i = 0; i < dy.Count; i++) dy.Update()[i] = i % 5 - 2;
            dw.Write().Fill(1000);
            dw.Clear();
            op.BackwardWeights(x, dy, dw, null);
            found.Add(dw.Read().ToArray());
            op.BackwardWeights(x, dy, dw, null);
            found.Add(dw.Read().ToArray());
            dw.Clear();
            Assert.Equal(-1, dw.Read().IndexOfAnyExcept(0f));
        }
        // Sums of small whole numbers are exact in any order.
        foreach (int i in new[] { 2, 4 })
        {
            Assert.True(found[0].AsSpan().SequenceEqual(found[i]));
            Assert.True(found[1].AsSpan().SequenceEqual(found[i + 1]));
        }
        Assert.True(found[0].Select(value => 2 * value).SequenceEqual(found[1]));
    }

    private void Multiply(int batch, int inputs, int outputs, bool transposed) => parity.Compare($"batch {batch}, {inputs} to {outputs}{(transposed ? ", transposed" : "")}", stage =>
    {
        var spec = new InnerProductSpec { Batch = batch, Inputs = inputs, Outputs = outputs, TransposedWeights = transposed };
        IInnerProduct op = stage.Prepare(spec), rectified = stage.Prepare(spec with { FuseRelu = true });
        DeviceBuffer x = stage.Random(batch * inputs), w = stage.Random(inputs * outputs), b = stage.Random(outputs), y = stage.Room(batch * outputs);
        op.Forward(x, w, null, y);
        stage.Show("output without bias", y, batch * outputs);
        op.Forward(x, w, b, y);
        stage.Show("output", y, batch * outputs);
        rectified.Forward(x, w, b, y);
        stage.Show("rectified output", y, batch * outputs);
        IInnerProduct frozen = stage.Prepare(spec with { FrozenWeights = true });
        frozen.Forward(x, w, b, y);
        frozen.Forward(x, w, b, y);
        stage.Show("output by frozen weights", y, batch * outputs);
        w.Update()[0] += 1;
        frozen.WeightsChanged();
        frozen.Forward(x, w, b, y);
        stage.Show("output by other frozen weights", y, batch * outputs);

        DeviceBuffer dy = stage.Random(batch * outputs), dx = stage.Room(batch * inputs), dw = stage.Random(inputs * outputs), db = stage.Random(outputs);
        op.BackwardData(dy, w, dx);
        stage.Show("gradient of the input", dx, batch * inputs);
        op.BackwardWeights(x, dy, dw, db);
        op.BackwardWeights(x, dy, dw, null);
        op.BackwardWeights(x, dy, null, db);
        stage.Show("gradient of the weights", dw, inputs * outputs);
        dw.Clear();
        op.BackwardWeights(x, dy, dw, null);
        stage.Show("gradient of the weights from zero", dw, inputs * outputs);
        op.BackwardWeights(x, dy, dw, null);
        stage.Show("gradient of the weights, added to", dw, inputs * outputs);
        stage.Show("gradient of the bias", db, outputs);
    });
}
