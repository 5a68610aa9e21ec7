namespace Cortado.Tests.Conformance;

/// <summary>The geometry of a sliding window, and the several ways in which a prototxt may say it.</summary>
internal sealed record Window((int H, int W) Kernel, (int H, int W) Stride, (int H, int W) Pad, (int H, int W) Dilation)
{
    public static Window Draw(Random random, bool dilated)
    {
        (int H, int W) Pair(int least, int most)
        {
            int h = random.Next(least, most + 1);
            return (h, random.Next(3) == 0 ? h : random.Next(least, most + 1));
        }

        (int H, int W) kernel = Pair(1, 4);
        return new Window(kernel, Pair(1, 3), (random.Next(0, kernel.H), random.Next(0, kernel.W)), dilated && random.Next(2) == 0 ? Pair(1, 3) : (1, 1));
    }

    public int ConvolvedHeight(int height) => (height + 2 * Pad.H - Dilation.H * (Kernel.H - 1) - 1) / Stride.H + 1;

    public int ConvolvedWidth(int width) => (width + 2 * Pad.W - Dilation.W * (Kernel.W - 1) - 1) / Stride.W + 1;

    /// <summary>As a convolution says it: one number, one for each axis, or fields of their own.</summary>
    public string ConvolutionSettings(Random random)
    {
        bool fields = random.Next(2) == 0;
        string kernel = fields ? $"kernel_h: {Kernel.H} kernel_w: {Kernel.W}" : Repeated("kernel_size", Kernel);
        string stride = fields && random.Next(2) == 0 ? $"stride_h: {Stride.H} stride_w: {Stride.W}" : Repeated("stride", Stride);
        string pad = fields && random.Next(2) == 0 ? $"pad_h: {Pad.H} pad_w: {Pad.W}" : Repeated("pad", Pad);
        return $"{kernel} {stride} {pad} {Repeated("dilation", Dilation)}";
    }

    /// <summary>As a pooling says it: one number where the axes agree, else fields of their own.</summary>
    public string PoolingSettings(Random random)
    {
        string One(string name, string wide, (int H, int W) pair) =>
            pair.H == pair.W && random.Next(2) == 0 ? $"{name}: {pair.H}" : $"{wide}_h: {pair.H} {wide}_w: {pair.W}";
        return $"{One("kernel_size", "kernel", Kernel)} {One("stride", "stride", Stride)} {One("pad", "pad", Pad)}";
    }

    private static string Repeated(string name, (int H, int W) pair) => pair.H == pair.W ? $"{name}: {pair.H}" : $"{name}: {pair.H} {name}: {pair.W}";
}
