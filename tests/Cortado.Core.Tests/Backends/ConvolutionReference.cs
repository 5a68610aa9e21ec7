using Cortado.Backends.Contracts;

namespace Cortado.Tests.Backends;

/// <summary>A convolution as its definition says it: plain loops over everything, sums in double precision.</summary>
internal static class ConvolutionReference
{
    /// <summary>Calls <paramref name="visit"/>(input index, weight index, output index) for each product that a convolution sums.</summary>
    public static void ForEachProduct(ConvolutionSpec s, Action<int, int, int> visit)
    {
        int channels = s.InChannels / s.Groups, outputs = s.OutChannels / s.Groups;
        for (int n = 0; n < s.Batch; n++)
            for (int o = 0; o < s.OutChannels; o++)
                for (int y = 0; y < s.OutHeight; y++)
                    for (int x = 0; x < s.OutWidth; x++)
                        for (int c = 0; c < channels; c++)
                            for (int kh = 0; kh < s.KernelHeight; kh++)
                                for (int kw = 0; kw < s.KernelWidth; kw++)
                                {
                                    int iy = y * s.StrideHeight - s.PadHeight + kh * s.DilationHeight, ix = x * s.StrideWidth - s.PadWidth + kw * s.DilationWidth;
                                    if (iy < 0 || ix < 0 || iy >= s.InHeight || ix >= s.InWidth) continue;
                                    visit(((n * s.InChannels + o / outputs * channels + c) * s.InHeight + iy) * s.InWidth + ix,
                                        ((o * channels + c) * s.KernelHeight + kh) * s.KernelWidth + kw,
                                        ((n * s.OutChannels + o) * s.OutHeight + y) * s.OutWidth + x);
                                }
    }

    public static double[] Forward(ConvolutionSpec s, float[] input, float[] weights, float[]? bias)
    {
        var output = new double[OutputCount(s)];
        int plane = s.OutHeight * s.OutWidth;
        if (bias != null)
            for (int i = 0; i < output.Length; i++) output[i] = bias[i / plane % s.OutChannels];
        ForEachProduct(s, (i, w, o) => output[o] += (double)input[i] * weights[w]);
        if (s.FuseRelu)
            for (int i = 0; i < output.Length; i++) output[i] = Math.Max(output[i], 0);
        return output;
    }

    public static double[] BackwardData(ConvolutionSpec s, float[] outputDiff, float[] weights)
    {
        var inputDiff = new double[InputCount(s)];
        ForEachProduct(s, (i, w, o) => inputDiff[i] += (double)outputDiff[o] * weights[w]);
        return inputDiff;
    }

    public static double[] BackwardWeights(ConvolutionSpec s, float[] input, float[] outputDiff)
    {
        var weightsDiff = new double[WeightCount(s)];
        ForEachProduct(s, (i, w, o) => weightsDiff[w] += (double)outputDiff[o] * input[i]);
        return weightsDiff;
    }

    public static double[] BackwardBias(ConvolutionSpec s, float[] outputDiff)
    {
        var biasDiff = new double[s.OutChannels];
        int plane = s.OutHeight * s.OutWidth;
        for (int i = 0; i < outputDiff.Length; i++) biasDiff[i / plane % s.OutChannels] += outputDiff[i];
        return biasDiff;
    }

    public static int InputCount(ConvolutionSpec s) => s.Batch * s.InChannels * s.InHeight * s.InWidth;

    public static int OutputCount(ConvolutionSpec s) => s.Batch * s.OutChannels * s.OutHeight * s.OutWidth;

    public static int WeightCount(ConvolutionSpec s) => s.OutChannels * (s.InChannels / s.Groups) * s.KernelHeight * s.KernelWidth;
}
