namespace Cortado.Tests.Conformance;

/// <summary>
/// Layers that slide a window over an image, against plain loops of Caffe's rules, in random and awkward geometries. The golden
/// cases fix the rules; these carry them to the geometries that no golden case has.
/// </summary>
public class SpatialRules
{
    private const int Rounds = 120;

    [Fact]
    public void ConvolutionsRoundDown()
    {
        using var check = new RuleCheck();
        var random = new Random(1);
        for (int round = 0; round < Rounds; round++)
        {
            var g = Window.Draw(random, dilated: true);
            int group = random.Next(1, 4), channels = group * random.Next(1, 5), outputs = group * random.Next(1, 7);
            bool bias = random.Next(3) > 0;
            int height = g.Dilation.H * (g.Kernel.H - 1) + 1 + random.Next(0, 9), width = g.Dilation.W * (g.Kernel.W - 1) + 1 + random.Next(0, 9);
            PlainArray x = PlainArray.Random(random, -1, 1, random.Next(1, 4), channels, height, width);
            PlainArray weights = PlainArray.Random(random, -1, 1, outputs, channels / group, g.Kernel.H, g.Kernel.W), biases = PlainArray.Random(random, -1, 1, outputs);
            check.Compare("Convolution", $"convolution_param {{ num_output: {outputs} group: {group} bias_term: {(bias ? "true" : "false")} {g.ConvolutionSettings(random)} }}",
                [x], [Convolve(x, weights, bias ? biases : null, group, g)], bias ? [weights, biases] : [weights]);
        }
    }

    [Fact]
    public void DeconvolutionsAreTheirTranspose()
    {
        using var check = new RuleCheck();
        var random = new Random(2);
        for (int round = 0; round < Rounds; round++)
        {
            var g = Window.Draw(random, dilated: true);
            int group = random.Next(1, 4), channels = group * random.Next(1, 4), outputs = group * random.Next(1, 4);
            bool bias = random.Next(3) > 0;
            PlainArray x = PlainArray.Random(random, -1, 1, random.Next(1, 3), channels, random.Next(2, 6), random.Next(2, 6));
            PlainArray weights = PlainArray.Random(random, -1, 1, channels, outputs / group, g.Kernel.H, g.Kernel.W), biases = PlainArray.Random(random, -1, 1, outputs);
            PlainArray? expected = Deconvolve(x, weights, bias ? biases : null, group, g);
            if (expected == null) continue;
            check.Compare("Deconvolution", $"convolution_param {{ num_output: {outputs} group: {group} bias_term: {(bias ? "true" : "false")} {g.ConvolutionSettings(random)} }}",
                [x], [expected], bias ? [weights, biases] : [weights]);
        }
    }

    [Theory]
    [InlineData("MAX")]
    [InlineData("AVE")]
    public void PoolingRoundsUp(string method)
    {
        using var check = new RuleCheck();
        var random = new Random(3);
        for (int round = 0; round < 2 * Rounds; round++)
        {
            var g = Window.Draw(random, dilated: false);
            bool floor = random.Next(4) == 0;
            PlainArray x = PlainArray.Random(random, -2, round % 3 == 0 ? -1 : 1, random.Next(1, 3), random.Next(1, 5), g.Kernel.H + random.Next(0, 9), g.Kernel.W + random.Next(0, 9));
            check.Compare("Pooling", $"pooling_param {{ pool: {method} {g.PoolingSettings(random)} {(floor ? "round_mode: FLOOR" : "")} }}", [x], [Pool(x, method == "MAX", g, floor)]);
        }
    }

    [Fact]
    public void NormalizationAcrossChannels()
    {
        using var check = new RuleCheck();
        var random = new Random(4);
        foreach (int size in new[] { 1, 3, 5, 7, 9 })
            foreach (int channels in new[] { 1, 2, 3, 5, 16, 19 })
                foreach ((double alpha, double beta, double k) in new[] { (1e-4, 0.75, 1.0), (1.0, 0.75, 2.0), (0.5, 0.5, 1.0), (2.0, 1.0, 0.3), (0.7, 0.6, 1.5) })
                {
                    PlainArray x = PlainArray.Random(random, -3, 3, 2, channels, random.Next(1, 5), random.Next(1, 6));
                    check.Compare("LRN", FormattableString.Invariant($"lrn_param {{ local_size: {size} alpha: {alpha} beta: {beta} k: {k} }}"), [x], [NormalizeAcross(x, size, alpha, beta, k)]);
                }
    }

    [Fact]
    public void NormalizationWithinChannels()
    {
        using var check = new RuleCheck();
        var random = new Random(5);
        foreach (int size in new[] { 1, 3, 5, 7 })
            foreach ((double alpha, double beta) in new[] { (1e-4, 0.75), (1.0, 0.75), (2.0, 0.5), (0.7, 1.3) })
            {
                PlainArray x = PlainArray.Random(random, -3, 3, 2, 3, random.Next(size, size + 5), random.Next(size, size + 5));
                PlainArray squares = Pool(x.Map(value => value * value), max: false, new Window((size, size), (1, 1), ((size - 1) / 2, (size - 1) / 2), (1, 1)), floor: false);
                var expected = new PlainArray(x.Shape);
                for (int i = 0; i < x.Values.Length; i++) expected.Values[i] = x.Values[i] * Math.Pow(1 + alpha * squares.Values[i], -beta);
                check.Compare("LRN", FormattableString.Invariant($"lrn_param {{ norm_region: WITHIN_CHANNEL local_size: {size} alpha: {alpha} beta: {beta} }}"), [x], [expected]);
            }
    }

    private static PlainArray Convolve(PlainArray x, PlainArray weights, PlainArray? bias, int group, Window g)
    {
        int outputs = weights.Shape[0], perGroup = weights.Shape[1];
        var y = new PlainArray(x.Shape[0], outputs, g.ConvolvedHeight(x.Shape[2]), g.ConvolvedWidth(x.Shape[3]));
        for (int n = 0; n < y.Shape[0]; n++)
            for (int o = 0; o < outputs; o++)
                for (int row = 0; row < y.Shape[2]; row++)
                    for (int column = 0; column < y.Shape[3]; column++)
                    {
                        double sum = bias?.Values[o] ?? 0;
                        for (int c = 0; c < perGroup; c++)
                            for (int i = 0; i < g.Kernel.H; i++)
                                for (int j = 0; j < g.Kernel.W; j++)
                                {
                                    int h = row * g.Stride.H - g.Pad.H + i * g.Dilation.H, w = column * g.Stride.W - g.Pad.W + j * g.Dilation.W;
                                    if (h < 0 || h >= x.Shape[2] || w < 0 || w >= x.Shape[3]) continue;
                                    sum += weights[o, c, i, j] * x[n, o / (outputs / group) * perGroup + c, h, w];
                                }
                        y[n, o, row, column] = sum;
                    }
        return y;
    }

    private static PlainArray? Deconvolve(PlainArray x, PlainArray weights, PlainArray? bias, int group, Window g)
    {
        int channels = x.Shape[1], perGroup = weights.Shape[1], outputs = perGroup * group;
        int height = g.Stride.H * (x.Shape[2] - 1) + g.Dilation.H * (g.Kernel.H - 1) + 1 - 2 * g.Pad.H;
        int width = g.Stride.W * (x.Shape[3] - 1) + g.Dilation.W * (g.Kernel.W - 1) + 1 - 2 * g.Pad.W;
        if (height < 1 || width < 1) return null;
        var y = new PlainArray(x.Shape[0], outputs, height, width);
        for (int n = 0; n < y.Shape[0]; n++)
        {
            for (int o = 0; o < outputs && bias != null; o++)
                for (int i = 0; i < height * width; i++) y.Values[(n * outputs + o) * height * width + i] = bias.Values[o];
            for (int c = 0; c < channels; c++)
                for (int row = 0; row < x.Shape[2]; row++)
                    for (int column = 0; column < x.Shape[3]; column++)
                        for (int o = 0; o < perGroup; o++)
                            for (int i = 0; i < g.Kernel.H; i++)
                                for (int j = 0; j < g.Kernel.W; j++)
                                {
                                    int h = row * g.Stride.H - g.Pad.H + i * g.Dilation.H, w = column * g.Stride.W - g.Pad.W + j * g.Dilation.W;
                                    if (h < 0 || h >= height || w < 0 || w >= width) continue;
                                    y[n, c / (channels / group) * perGroup + o, h, w] += weights[c, o, i, j] * x[n, c, row, column];
                                }
        }
        return y;
    }

    private static PlainArray Pool(PlainArray x, bool max, Window g, bool floor)
    {
        int height = x.Shape[2], width = x.Shape[3];
        var y = new PlainArray(x.Shape[0], x.Shape[1],
            Pooled(height, g.Kernel.H, g.Stride.H, g.Pad.H, g.Pad != (0, 0), floor), Pooled(width, g.Kernel.W, g.Stride.W, g.Pad.W, g.Pad != (0, 0), floor));
        for (int n = 0; n < y.Shape[0]; n++)
            for (int c = 0; c < y.Shape[1]; c++)
                for (int row = 0; row < y.Shape[2]; row++)
                    for (int column = 0; column < y.Shape[3]; column++)
                    {
                        int top = row * g.Stride.H - g.Pad.H, left = column * g.Stride.W - g.Pad.W;
                        // The average's divisor counts the padding, but nothing beyond it.
                        int size = (Math.Min(top + g.Kernel.H, height + g.Pad.H) - top) * (Math.Min(left + g.Kernel.W, width + g.Pad.W) - left);
                        double sum = 0, largest = -float.MaxValue;
                        for (int h = Math.Max(top, 0); h < Math.Min(top + g.Kernel.H, height); h++)
                            for (int w = Math.Max(left, 0); w < Math.Min(left + g.Kernel.W, width); w++)
                            {
                                sum += x[n, c, h, w];
                                largest = Math.Max(largest, x[n, c, h, w]);
                            }
                        y[n, c, row, column] = max ? largest : sum / size;
                    }
        return y;
    }

    private static int Pooled(int extent, int kernel, int stride, int pad, bool anyPad, bool floor)
    {
        double windows = (extent + 2 * pad - kernel) / (double)stride;
        int count = (int)(floor ? Math.Floor(windows) : Math.Ceiling(windows)) + 1;
        // Where there is padding, the last window must begin in the image or the padding before it.
        if (anyPad && (count - 1) * stride >= extent + pad) count--;
        return count;
    }

    private static PlainArray NormalizeAcross(PlainArray x, int size, double alpha, double beta, double k)
    {
        var y = new PlainArray(x.Shape);
        (int outer, int channels, int inner) = x.Around(1);
        for (int n = 0; n < outer; n++)
            for (int c = 0; c < channels; c++)
                for (int i = 0; i < inner; i++)
                {
                    double sum = 0;
                    for (int d = Math.Max(0, c - (size - 1) / 2); d <= Math.Min(channels - 1, c + (size - 1) / 2); d++)
                        sum += Math.Pow(x.Values[(n * channels + d) * inner + i], 2);
                    int at = (n * channels + c) * inner + i;
                    y.Values[at] = x.Values[at] * Math.Pow(k + alpha / size * sum, -beta);
                }
        return y;
    }
}
