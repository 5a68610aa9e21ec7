using Cortado.Backends.Contracts;
using Cortado.Backends.Cpu;
using Cortado.Tensors;
using Cortado.Tests.Backends;

namespace Cortado.Tests.Layers;

/// <summary>Pooling against a plain walk over its windows.</summary>
public class PoolingTests
{
    // in height, in width, kernel height, kernel width, stride height, stride width, pad height, pad width
    public static TheoryData<int, int, int, int, int, int, int, int> Shapes => new()
    {
        { 15, 15, 3, 3, 1, 1, 0, 0 },
        { 13, 13, 3, 3, 2, 2, 0, 0 },
        { 6, 6, 3, 3, 2, 2, 0, 0 },
        { 1, 1, 1, 1, 1, 1, 0, 0 },
        { 7, 5, 7, 5, 1, 1, 0, 0 },
        { 33, 9, 2, 3, 2, 1, 1, 2 },
        { 4, 70, 3, 2, 3, 5, 2, 1 },
        { 2, 2, 3, 3, 2, 2, 0, 0 },
        { 9, 40, 5, 5, 1, 1, 2, 2 },
        { 5, 5, 1, 1, 3, 3, 0, 0 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void MaxIsTheFirstGreatestOfEachWindow(int height, int width, int kernelH, int kernelW, int strideH, int strideW, int padH, int padW)
    {
        const int Planes = 11;
        using var backend = new CpuBackend(3);
        var (spec, windows) = Max(Planes, height, width, kernelH, kernelW, strideH, strideW, padH, padW);
        float[] x = Numbers.Random(Planes * height * width, 1), dy = Numbers.Random(Planes * spec.OutHeight * spec.OutWidth, 2);
        // Rounded, so that windows have equals; and a NaN and the least number, which are never greatest.
        for (int i = 0; i < x.Length; i++) x[i] = i % 17 == 3 ? float.NaN : i % 19 == 5 ? float.MinValue : MathF.Round(x[i] * 4);
        double[] y = new double[dy.Length], mask = new double[dy.Length], dx = new double[x.Length];
        for (int i = 0; i < y.Length; i++)
        {
            (y[i], mask[i]) = (float.MinValue, -1);
            int plane = i / (spec.OutHeight * spec.OutWidth) * height * width;
            foreach (int at in windows[i % (spec.OutHeight * spec.OutWidth)])
                if (x[plane + at] > y[i]) (y[i], mask[i]) = (x[plane + at], at);
            if (mask[i] >= 0) dx[plane + (int)mask[i]] += dy[i];
        }

        using IMaxPooling pooling = backend.Prepare(spec);
        using DeviceBuffer input = backend.Buffer(x), output = backend.Garbage(y.Length), argmax = backend.Garbage(y.Length);
        using DeviceBuffer outputDiff = backend.Buffer(dy), inputDiff = backend.Garbage(x.Length);
        pooling.Forward(input, output, argmax);
        pooling.Backward(outputDiff, inputDiff);
        Assert.Equal(y.Select(value => (float)value), output.Read().ToArray());
        Assert.Equal(mask.Select(value => (float)value), argmax.Read().ToArray());
        Numbers.AssertClose(dx, inputDiff.Read(), "gradient");
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void AverageDividesByTheWindowWithItsPad(int height, int width, int kernelH, int kernelW, int strideH, int strideW, int padH, int padW)
    {
        const int Planes = 11;
        using var backend = new CpuBackend(3);
        var (max, windows) = Max(Planes, height, width, kernelH, kernelW, strideH, strideW, padH, padW);
        var spec = new AveragePoolingSpec
        {
            Planes = Planes,
            InHeight = height,
            InWidth = width,
            OutHeight = max.OutHeight,
            OutWidth = max.OutWidth,
            KernelHeight = kernelH,
            KernelWidth = kernelW,
            StrideHeight = strideH,
            StrideWidth = strideW,
            PadHeight = padH,
            PadWidth = padW,
        };
        float[] x = Numbers.Random(Planes * height * width, 1), dy = Numbers.Random(Planes * spec.OutHeight * spec.OutWidth, 2);
        double[] y = new double[dy.Length], dx = new double[x.Length];
        for (int i = 0; i < y.Length; i++)
        {
            int window = i % (spec.OutHeight * spec.OutWidth), plane = i / (spec.OutHeight * spec.OutWidth) * height * width;
            int top = window / spec.OutWidth * strideH - padH, left = window % spec.OutWidth * strideW - padW;
            int size = (Math.Min(top + kernelH, height + padH) - top) * (Math.Min(left + kernelW, width + padW) - left);
            foreach (int at in windows[window])
            {
                y[i] += x[plane + at] / (double)size;
                dx[plane + at] += dy[i] / (double)size;
            }
        }

        using IAveragePooling pooling = backend.Prepare(spec);
        using DeviceBuffer input = backend.Buffer(x), output = backend.Garbage(y.Length);
        using DeviceBuffer outputDiff = backend.Buffer(dy), inputDiff = backend.Garbage(x.Length);
        pooling.Forward(input, output);
        pooling.Backward(outputDiff, inputDiff);
        Numbers.AssertClose(y, output.Read(), "output");
        Numbers.AssertClose(dx, inputDiff.Read(), "gradient");
    }

    /// <summary>Caffe writes before the start of the gradient here.</summary>
    [Fact]
    public void AWindowOfNaNsHasNoMaximumAndNoGradient()
    {
        using var net = new SmallNet("force_backward: true layer { name: \"l\" type: \"Pooling\" bottom: \"x\" top: \"y\" top: \"mask\" pooling_param { kernel_size: 2 stride: 2 } }", ["x 1 1 2 4"]);
        net.Set("x", float.NaN, float.NaN, 1, 2, float.NaN, float.NaN, 4, 3).Forward();
        Assert.Equal([float.MinValue, 4], net.Data("y"));
        Assert.Equal([-1, 6], net.Data("mask"));
        new float[] { 5, 7 }.CopyTo(net.Net.Blob("y").WriteDiff());
        net.Net.Backward();
        Assert.Equal([0, 0, 0, 0, 0, 0, 7, 0], net.Diff("x"));
    }

    [Theory]
    [InlineData("kernel_size: 3 stride: 2", "1 2 7 6 (84)")]
    [InlineData("kernel_size: 3 stride: 2 round_mode: FLOOR", "1 2 6 5 (60)")]
    [InlineData("kernel_size: 2 stride: 2 pad: 1", "1 2 8 7 (112)")]
    [InlineData("kernel_h: 3 kernel_w: 1 stride_h: 1 stride_w: 4", "1 2 12 4 (96)")]
    [InlineData("global_pooling: true", "1 2 1 1 (2)")]
    public void ShapesAreCaffes(string settings, string expected)
    {
        using var net = new SmallNet($"layer {{ name: \"l\" type: \"Pooling\" bottom: \"x\" top: \"y\" pooling_param {{ {settings} }} }}", ["x 1 2 14 12"]);
        Assert.Equal(expected, net.Net.Blob("y").Shape.ToString());
    }

    /// <summary>The spec, and for each window the indices within the plane that it covers, in row-major order.</summary>
    private static (MaxPoolingSpec Spec, List<int>[] Windows) Max(int planes, int height, int width, int kernelH, int kernelW, int strideH, int strideW, int padH, int padW)
    {
        int outH = (int)Math.Ceiling((height + 2 * padH - kernelH) / (double)strideH) + 1, outW = (int)Math.Ceiling((width + 2 * padW - kernelW) / (double)strideW) + 1;
        if (padH > 0 || padW > 0)
        {
            if ((outH - 1) * strideH >= height + padH) outH--;
            if ((outW - 1) * strideW >= width + padW) outW--;
        }
        var windows = new List<int>[outH * outW];
        for (int i = 0; i < windows.Length; i++)
        {
            windows[i] = [];
            for (int y = i / outW * strideH - padH, ky = 0; ky < kernelH; ky++, y++)
                for (int x = i % outW * strideW - padW, kx = 0; kx < kernelW; kx++, x++)
                    if (y >= 0 && y < height && x >= 0 && x < width) windows[i].Add(y * width + x);
        }
        var spec = new MaxPoolingSpec
        {
            Planes = planes,
            InHeight = height,
            InWidth = width,
            OutHeight = outH,
            OutWidth = outW,
            KernelHeight = kernelH,
            KernelWidth = kernelW,
            StrideHeight = strideH,
            StrideWidth = strideW,
            PadHeight = padH,
            PadWidth = padW,
        };
        return (spec, windows);
    }
}
