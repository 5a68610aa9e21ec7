using Cortado.Backends;
using Cortado.Backends.Contracts;
using Cortado.Tensors;
using CsCheck;

namespace Cortado.Tests;

/// <summary>Pooling, normalisation over neighbours, and boxes inside arrays.</summary>
[Collection(nameof(ParityCollection))]
public class SpatialParity(Parity parity)
{
    public static TheoryData<int, int, int, int, int, int, int, int, int> Poolings => new()
    {
        // planes, height, width, kernel h and w, stride h and w, pad h and w
        { 1, 1, 1, 1, 1, 1, 1, 0, 0 },
        { 6, 9, 11, 3, 3, 2, 2, 0, 0 },
        { 6, 8, 7, 3, 2, 2, 3, 1, 1 },
        { 2, 5, 5, 5, 5, 1, 1, 4, 4 },
        { 3, 6, 6, 2, 2, 5, 4, 1, 0 },
        { 2, 13, 9, 4, 4, 1, 1, 0, 2 },
    };

    [Theory]
    [MemberData(nameof(Poolings))]
    public void Pooling(int planes, int height, int width, int kernelHeight, int kernelWidth, int strideHeight, int strideWidth, int padHeight, int padWidth) =>
        Pool(planes, (height, width), (kernelHeight, kernelWidth), (strideHeight, strideWidth), (padHeight, padWidth), values: 4);

    [Fact]
    public void PoolingOfAnyShape() => parity.ForAny(() =>
        Gen.Select(Gen.Int[1, 5], Gen.Select(Gen.Int[1, 12], Gen.Int[1, 5], Gen.Int[1, 4], Gen.Int[0, 4]), Gen.Select(Gen.Int[1, 12], Gen.Int[1, 5], Gen.Int[1, 4], Gen.Int[0, 4])).Sample((planes, down, across) =>
        {
            (int height, int kernelHeight, int strideHeight, int padHeight) = down;
            (int width, int kernelWidth, int strideWidth, int padWidth) = across;
            (padHeight, padWidth) = (Math.Min(padHeight, kernelHeight - 1), Math.Min(padWidth, kernelWidth - 1));
            (kernelHeight, kernelWidth) = (Math.Min(kernelHeight, height + padHeight), Math.Min(kernelWidth, width + padWidth));
            Pool(planes, (height, width), (kernelHeight, kernelWidth), (strideHeight, strideWidth), (padHeight, padWidth), values: 6);
        }, iter: 4, threads: 1));

    [Fact]
    public void MaxPoolingPassesOverNaN() => parity.Compare("NaN", stage =>
    {
        var spec = new MaxPoolingSpec { Planes = 1, InHeight = 2, InWidth = 4, OutHeight = 1, OutWidth = 2, KernelHeight = 2, KernelWidth = 2, StrideHeight = 2, StrideWidth = 2 };
        IMaxPooling op = stage.Prepare(spec);
        DeviceBuffer y = stage.Room(2), mask = stage.Room(2), dx = stage.Room(8);
        op.Forward(stage.Values(float.NaN, float.NaN, 1, float.NaN, float.NaN, float.NaN, float.NegativeInfinity, 1), y, mask);
        op.Backward(stage.Values(3, 4), dx);
        stage.Show("output", y, 2);
        stage.Show("mask", mask, 2);
        stage.Show("gradient", dx, 8);
    });

    public static TheoryData<int, int, int, int, float> AcrossChannels => new()
    {
        // batch, channels, pixels, size, beta
        { 1, 1, 1, 1, 0.75f },
        { 2, 8, 35, 5, 0.75f },
        { 3, 5, 16, 3, 0.6f },
        { 1, 3, 17, 9, 0.75f },
        { 2, 2, 40, 5, 1.5f },
    };

    [Theory]
    [MemberData(nameof(AcrossChannels))]
    public void LrnAcrossChannels(int batch, int channels, int pixels, int size, float beta) =>
        Lrn(new LrnAcrossChannelsSpec(batch, channels, pixels, size, 0.5f, beta, 1.5f), batch * channels * pixels);

    [Fact]
    public void LrnAcrossChannelsOfAnyShape() => parity.ForAny(() =>
        Gen.Select(Gen.Int[1, 4], Gen.Int[1, 12], Gen.Int[1, 40], Gen.Int[0, 3]).Sample((batch, channels, pixels, radius) =>
            Lrn(new LrnAcrossChannelsSpec(batch, channels, pixels, 2 * radius + 1, 1e-1f, 0.75f, 1), batch * channels * pixels), iter: 8, threads: 1));

    [Fact]
    public void LrnWithinChannelOfAnyShape() => parity.ForAny(() =>
        Gen.Select(Gen.Int[1, 5], Gen.Int[1, 14], Gen.Int[1, 14], Gen.Int[0, 4]).Sample((planes, height, width, radius) => LrnWithinChannel(planes, height, width, 2 * radius + 1, 0.75f), iter: 8, threads: 1));

    [Fact]
    public void WindowsOfAnyShape() => parity.ForAny(() =>
        Gen.Select(Gen.Int[1, 4], Gen.Int[0, 3], Gen.Int[0, 3]).Array[1, 5].Sample(axes =>
            Box(axes.Select(a => a.Item1 + a.Item2 + a.Item3).ToArray(), axes.Select(a => a.Item2).ToArray(), axes.Select(a => a.Item1).ToArray()), iter: 15, threads: 1));

    [Theory]
    [InlineData(1, 1, 1, 1, 0.75f)]
    [InlineData(6, 7, 9, 3, 0.75f)]
    [InlineData(2, 4, 5, 7, 0.9f)]
    public void LrnWithinChannel(int planes, int height, int width, int size, float beta) =>
        Lrn(new LrnWithinChannelSpec(planes, height, width, size, 0.5f, beta), planes * height * width);

    [Fact]
    public void Windows()
    {
        (int[] Whole, int[] Offset, int[] Window)[] boxes =
        [
            ([5], [0], [5]),
            ([7], [2], [3]),
            ([2, 6, 3, 5], [0, 1, 0, 0], [2, 4, 3, 5]),
            ([2, 6, 3, 5], [1, 2, 1, 1], [1, 3, 2, 3]),
            ([3, 1, 4], [0, 0, 3], [3, 1, 1]),
        ];
        foreach ((int[] whole, int[] offset, int[] window) in boxes) Box(whole, offset, window);
    }

    private void Box(int[] whole, int[] offset, int[] window) => parity.Compare($"box ({string.Join(" ", window)}) in ({string.Join(" ", whole)})", stage =>
    {
        var spec = new WindowSpec(new Shape(whole), new Shape(offset), new Shape(window));
        IWindow op = stage.Prepare(spec);
        DeviceBuffer all = stage.Random(spec.Whole.Count), box = stage.Room(spec.Window.Count);
        op.Read(all, box);
        stage.Show("box", box, spec.Window.Count);
        op.Write(stage.Random(spec.Window.Count), all);
        stage.Show("whole", all, spec.Whole.Count);
    }, 0);

    private void Lrn(OperatorSpec<ILrn> spec, int count) => parity.Compare(spec.ToString(), stage =>
    {
        ILrn op = stage.Prepare(spec);
        DeviceBuffer x = stage.Random(count, -3, 3), y = stage.Room(count), dy = stage.Random(count), dx = stage.Room(count);
        op.Forward(x, y);
        op.Backward(x, dy, dx);
        stage.Show("output", y, count);
        stage.Show("gradient", dx, count);
        op.Backward(x, dy, dy);
        op.Forward(x, x);
        stage.Show("gradient in place", dy, count);
        stage.Show("output in place", x, count);
    });

    private void Pool(int planes, (int H, int W) size, (int H, int W) kernel, (int H, int W) stride, (int H, int W) pad, int values)
    {
        int Out(int extent, int k, int s, int p)
        {
            int windows = (extent + 2 * p - k + s - 1) / s + 1;
            return p > 0 && (windows - 1) * s >= extent + p ? windows - 1 : windows;
        }

        int outHeight = Out(size.H, kernel.H, stride.H, pad.H), outWidth = Out(size.W, kernel.W, stride.W, pad.W);
        int inputs = planes * size.H * size.W, outputs = planes * outHeight * outWidth;
        parity.Compare($"{planes} planes of {size}, kernel {kernel}, stride {stride}, pad {pad}", stage =>
        {
            var spec = new MaxPoolingSpec
            {
                Planes = planes,
                InHeight = size.H,
                InWidth = size.W,
                OutHeight = outHeight,
                OutWidth = outWidth,
                KernelHeight = kernel.H,
                KernelWidth = kernel.W,
                StrideHeight = stride.H,
                StrideWidth = stride.W,
                PadHeight = pad.H,
                PadWidth = pad.W,
            };
            IMaxPooling max = stage.Prepare(spec);
            // Few values: many ties.
            DeviceBuffer x = stage.Labels(inputs, values), y = stage.Room(outputs), mask = stage.Room(outputs), dy = stage.Random(outputs), dx = stage.Room(inputs);
            max.Forward(x, y, null);
            stage.Show("MAX", y, outputs);
            max.Forward(x, y, mask);
            stage.Show("mask", mask, outputs);
            max.Backward(dy, dx);
            stage.Show("MAX, gradient", dx, inputs);

            IAveragePooling average = stage.Prepare(new AveragePoolingSpec
            {
                Planes = planes,
                InHeight = size.H,
                InWidth = size.W,
                OutHeight = outHeight,
                OutWidth = outWidth,
                KernelHeight = kernel.H,
                KernelWidth = kernel.W,
                StrideHeight = stride.H,
                StrideWidth = stride.W,
                PadHeight = pad.H,
                PadWidth = pad.W,
            });
            average.Forward(x, y);
            stage.Show("AVE", y, outputs);
            average.Backward(dy, dx);
            stage.Show("AVE, gradient", dx, inputs);
        });
    }
}
