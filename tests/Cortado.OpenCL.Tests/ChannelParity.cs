using Cortado.Backends.Contracts;
using Cortado.Tensors;
using CsCheck;

namespace Cortado.Tests;

/// <summary>What has a number for each channel.</summary>
[Collection(nameof(ParityCollection))]
public class ChannelParity(Parity parity)
{
    public static TheoryData<int, int, int> Shapes => new() { { 1, 1, 1 }, { 2, 3, 35 }, { 5, 7, 1 }, { 3, 2, 300 }, { 40, 5, 6 }, { 1, 4, 17 } };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void BatchNorm(int batch, int channels, int inner)
    {
        int count = batch * channels * inner;
        foreach (bool global in new[] { false, true })
            parity.Compare($"BatchNorm of {batch} x {channels} x {inner}, global {global}", stage =>
            {
                IBatchNorm op = stage.Prepare(new BatchNormSpec(batch, channels, inner, 1e-3f, global, 0.9f));
                DeviceBuffer x = stage.Random(count, -2, 5), y = stage.Room(count), dy = stage.Random(count), dx = stage.Room(count);
                DeviceBuffer mean = stage.Random(channels), variance = stage.Random(channels, 0.5f, 2), factor = stage.Values(3), deviation = stage.Room(channels);
                DeviceBuffer? normalized = global ? null : stage.Room(count);
                op.Forward(x, y, mean, variance, factor, deviation, normalized);
                op.Backward(deviation, normalized, dy, dx);
                stage.Show("output", y, count);
                stage.Show("mean", mean, channels);
                stage.Show("variance", variance, channels);
                stage.Show("factor", factor, 1);
                stage.Show("deviation", deviation, channels);
                if (normalized != null) stage.Show("copy", normalized, count);
                // Of a single value the gradient is nothing but rounding.
                if (global || batch * inner > 1) stage.Show("gradient", dx, count);
                op.Forward(x, x, mean, variance, factor, deviation, normalized);
                stage.Show("output in place", x, count);
                op.Backward(deviation, normalized, dy, dy);
                if (global || batch * inner > 1) stage.Show("gradient in place", dy, count);
            });
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Affine(int outer, int channels, int inner)
    {
        int count = outer * channels * inner;
        parity.Compare($"scale and bias of {outer} x {channels} x {inner}", stage =>
        {
            IChannelAffine op = stage.Prepare(new ChannelAffineSpec(outer, channels, inner));
            DeviceBuffer x = stage.Random(count), y = stage.Room(count), dy = stage.Random(count), dx = stage.Room(count);
            DeviceBuffer scale = stage.Random(channels), bias = stage.Random(channels), scaleDiff = stage.Random(channels), biasDiff = stage.Random(channels);
            op.Forward(x, scale, bias, y);
            stage.Show("both", y, count);
            op.Forward(x, null, bias, y);
            stage.Show("bias", y, count);
            op.Forward(x, scale, null, y);
            stage.Show("scale", y, count);
            op.BackwardData(dy, scale, dx);
            stage.Show("gradient", dx, count);
            op.BackwardData(dy, null, dx);
            stage.Show("gradient without scale", dx, count);
            op.BackwardScale(x, dy, scaleDiff, true);
            stage.Show("scale's gradient, added", scaleDiff, channels);
            op.BackwardScale(x, dy, scaleDiff, false);
            stage.Show("scale's gradient", scaleDiff, channels);
            op.BackwardBias(dy, biasDiff, true);
            stage.Show("bias's gradient, added", biasDiff, channels);
            op.BackwardBias(dy, biasDiff, false);
            stage.Show("bias's gradient", biasDiff, channels);
            op.Forward(x, scale, bias, x);
            op.BackwardData(dy, scale, dy);
            stage.Show("output in place", x, count);
            stage.Show("gradient in place", dy, count);
        });
    }

    [Fact]
    public void ChannelsOfAnyShape() => parity.ForAny(() => Gen.Select(Gen.Int[1, 20], Gen.Int[1, 20], Gen.Int[1, 400]).Sample((batch, channels, inner) =>
    {
        // A variance of a few values is nothing but their differences.
        BatchNorm(batch + 2, channels, inner);
        Affine(batch, channels, inner);
        PRelu(batch, channels, inner);
    }, iter: 6, threads: 1));

    [Theory]
    [MemberData(nameof(Shapes))]
    public void PRelu(int batch, int channels, int inner)
    {
        int count = batch * channels * inner;
        foreach (bool shared in new[] { false, true })
            parity.Compare($"PReLU of {batch} x {channels} x {inner}, shared {shared}", stage =>
            {
                int slopes = shared ? 1 : channels;
                IPRelu op = stage.Prepare(new PReluSpec(batch, channels, inner, shared));
                DeviceBuffer x = stage.Random(count), y = stage.Room(count), dy = stage.Random(count), dx = stage.Room(count);
                DeviceBuffer slope = stage.Random(slopes), slopeDiff = stage.Random(slopes);
                op.Forward(x, slope, y);
                op.BackwardData(x, slope, dy, dx);
                op.BackwardSlopes(x, dy, slopeDiff);
                stage.Show("output", y, count);
                stage.Show("gradient", dx, count);
                stage.Show("slopes' gradient", slopeDiff, slopes);
            });
    }
}
