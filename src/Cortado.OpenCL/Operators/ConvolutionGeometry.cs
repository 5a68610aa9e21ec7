using Cortado.Backends.Contracts;
using Cortado.Tensors;

namespace Cortado.OpenCL.Operators;

/// <summary>
/// A convolution as a product with the image matrix: a column for each position of a grid over all images of the batch (a pixel), a row for
/// each channel and tap of the kernel. Row (channel, tap), column (image, y, x) of a group holds
/// source[image, channel, y * StepY + TapsY[tap], x * StepX + TapsX[tap]], zero outside the image.
/// </summary>
/// <remarks>
/// The taps are a list rather than a kernel's extents, so that the gradient of the input is a convolution of the same kind: each class of
/// input positions modulo the stride sees its own taps, at step 1.
/// </remarks>
internal sealed record ConvolutionGeometry
{
    public required int Batch { get; init; }

    public required int Groups { get; init; }

    /// <summary>Channels of the source in one group.</summary>
    public required int Channels { get; init; }

    public required int SourceHeight { get; init; }

    public required int SourceWidth { get; init; }

    public required int GridHeight { get; init; }

    public required int GridWidth { get; init; }

    public int StepY { get; init; } = 1;

    public int StepX { get; init; } = 1;

    /// <summary>The source row that grid row 0 meets with each tap.</summary>
    public required int[] TapsY { get; init; }

    /// <summary>The source column that grid column 0 meets with each tap.</summary>
    public required int[] TapsX { get; init; }

    /// <summary>Channels of the result in one group.</summary>
    public required int Rows { get; init; }

    /// <summary>Where the weight for (group, row, channel, tap) lies: floats from one group to the next.</summary>
    public required int WeightGroup { get; init; }

    /// <summary>Floats from one row to the next.</summary>
    public required int WeightRow { get; init; }

    /// <summary>Floats from one channel to the next.</summary>
    public required int WeightChannel { get; init; }

    /// <summary>Where each tap lies.</summary>
    public required int[] WeightTaps { get; init; }

    /// <summary>A plane of the result: rows.</summary>
    public required int ResultHeight { get; init; }

    public required int ResultWidth { get; init; }

    /// <summary>Grid row y is row y * ResultStepY + ResultFirstY of the result.</summary>
    public int ResultStepY { get; init; } = 1;

    public int ResultStepX { get; init; } = 1;

    public int ResultFirstY { get; init; }

    public int ResultFirstX { get; init; }

    /// <summary>Taps of the kernel.</summary>
    public int Taps => TapsY.Length;

    /// <summary>Pixels of the batch.</summary>
    public int Pixels => checked(Batch * GridHeight * GridWidth);

    /// <summary>Floats of the source.</summary>
    public int SourceCount => checked(Batch * Groups * Channels * SourceHeight * SourceWidth);

    public static ConvolutionGeometry Forward(ConvolutionSpec s)
    {
        if (s.Groups < 1 || s.InChannels % s.Groups != 0 || s.OutChannels % s.Groups != 0)
            throw new ArgumentException($"{s.Groups} groups do not divide {s.InChannels} input and {s.OutChannels} output channels.", nameof(s));
        if (s.OutHeight < 1 || s.OutWidth < 1)
            throw new ArgumentException($"The kernel ({s.KernelHeight} x {s.KernelWidth}) is larger than the padded input ({s.InHeight} x {s.InWidth}).", nameof(s));
        int channels = s.InChannels / s.Groups, outputs = s.OutChannels / s.Groups, taps = s.KernelHeight * s.KernelWidth;
        int[] y = new int[taps], x = new int[taps], places = new int[taps];
        for (int i = 0; i < taps; i++)
        {
            y[i] = i / s.KernelWidth * s.DilationHeight - s.PadHeight;
            x[i] = i % s.KernelWidth * s.DilationWidth - s.PadWidth;
            places[i] = i;
        }
        return new ConvolutionGeometry
        {
            Batch = s.Batch,
            Groups = s.Groups,
            Channels = channels,
            SourceHeight = s.InHeight,
            SourceWidth = s.InWidth,
            GridHeight = s.OutHeight,
            GridWidth = s.OutWidth,
            StepY = s.StrideHeight,
            StepX = s.StrideWidth,
            TapsY = y,
            TapsX = x,
            Rows = outputs,
            WeightGroup = outputs * channels * taps,
            WeightRow = channels * taps,
            WeightChannel = taps,
            WeightTaps = places,
            ResultHeight = s.OutHeight,
            ResultWidth = s.OutWidth,
        };
    }

    /// <summary>
    /// The gradient of the input in gather form. Input row iy gets weight row kh times output row oy where iy + pad - kh * dilation =
    /// oy * stride. So the input rows of one remainder modulo the stride share their weight rows, and see output rows at step 1:
    /// a convolution with its own taps for each pair of remainders, a single one when the stride is 1.
    /// </summary>
    /// <param name="s">The convolution.</param>
    /// <param name="coversInput">Whether every input position is written; where not, those that no window covers have no gradient.</param>
    public static IReadOnlyList<ConvolutionGeometry> BackwardData(ConvolutionSpec s, out bool coversInput)
    {
        int channels = s.InChannels / s.Groups, outputs = s.OutChannels / s.Groups, kernel = s.KernelHeight * s.KernelWidth;
        var passes = new List<ConvolutionGeometry>();
        coversInput = true;
        for (int firstY = 0; firstY < Math.Min(s.StrideHeight, s.InHeight); firstY++)
            for (int firstX = 0; firstX < Math.Min(s.StrideWidth, s.InWidth); firstX++)
            {
                var y = new List<int>();
                var x = new List<int>();
                var places = new List<int>();
                for (int kh = 0; kh < s.KernelHeight; kh++)
                    for (int kw = 0; kw < s.KernelWidth; kw++)
                    {
                        int fromY = firstY + s.PadHeight - kh * s.DilationHeight, fromX = firstX + s.PadWidth - kw * s.DilationWidth;
                        if (fromY % s.StrideHeight != 0 || fromX % s.StrideWidth != 0) continue;
                        y.Add(fromY / s.StrideHeight);
                        x.Add(fromX / s.StrideWidth);
                        places.Add(kh * s.KernelWidth + kw);
                    }
                if (places.Count == 0)
                {
                    coversInput = false;
                    continue;
                }
                passes.Add(new ConvolutionGeometry
                {
                    Batch = s.Batch,
                    Groups = s.Groups,
                    Channels = outputs,
                    SourceHeight = s.OutHeight,
                    SourceWidth = s.OutWidth,
                    GridHeight = (s.InHeight - firstY - 1) / s.StrideHeight + 1,
                    GridWidth = (s.InWidth - firstX - 1) / s.StrideWidth + 1,
                    TapsY = y.ToArray(),
                    TapsX = x.ToArray(),
                    Rows = channels,
                    WeightGroup = outputs * channels * kernel,
                    WeightRow = kernel,
                    WeightChannel = channels * kernel,
                    WeightTaps = places.ToArray(),
                    ResultHeight = s.InHeight,
                    ResultWidth = s.InWidth,
                    ResultStepY = s.StrideHeight,
                    ResultStepX = s.StrideWidth,
                    ResultFirstY = firstY,
                    ResultFirstX = firstX,
                });
            }
        return passes;
    }
}

/// <summary>weights * image matrix, over the whole batch, prepared for one shape: the forward convolution, and the gradient of its input.</summary>
internal interface IConvolutionPass : IDisposable
{
    /// <summary>Computes the result, with bias and ReLU where they are asked for. Pixels outside the grid stay as they are.</summary>
    void Run(DeviceBuffer source, DeviceBuffer weights, DeviceBuffer? bias, bool relu, DeviceBuffer result);

    /// <summary>Says that frozen weights changed.</summary>
    void WeightsChanged();
}

/// <summary>weightsDiff += outputDiff * transposed image matrix, summed over every pixel of the batch.</summary>
internal interface IConvolutionWeightGradient : IDisposable
{
    void Run(DeviceBuffer source, DeviceBuffer outputDiff, DeviceBuffer weightsDiff);
}
