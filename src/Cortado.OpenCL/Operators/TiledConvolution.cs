using System.Globalization;
using Cortado.OpenCL.Runtime;
using Cortado.Tensors;

namespace Cortado.OpenCL.Operators;

/// <summary>As in image_gpu.cl: a convolution, passed to its kernels by value.</summary>
internal struct TiledConvolution
{
    public int Batch, Groups, Channels, SourceHeight, SourceWidth;
    public int GridHeight, GridWidth, StepY, StepX;
    public int Rows, Depth;
    public int ResultHeight, ResultWidth, ResultStepY, ResultStepX, ResultFirstY, ResultFirstX;
    public int Slices, SliceDepth, PartialAt;
    public int Relu, Accumulate;

    public TiledConvolution(ConvolutionGeometry g)
    {
        Batch = g.Batch;
        Groups = g.Groups;
        Channels = g.Channels;
        SourceHeight = g.SourceHeight;
        SourceWidth = g.SourceWidth;
        GridHeight = g.GridHeight;
        GridWidth = g.GridWidth;
        StepY = g.StepY;
        StepX = g.StepX;
        Rows = g.Rows;
        Depth = checked(g.Channels * g.Taps);
        ResultHeight = g.ResultHeight;
        ResultWidth = g.ResultWidth;
        ResultStepY = g.ResultStepY;
        ResultStepX = g.ResultStepX;
        ResultFirstY = g.ResultFirstY;
        ResultFirstX = g.ResultFirstX;
        Slices = 1;
        SliceDepth = Depth;
        PartialAt = 0;
        Relu = 0;
        Accumulate = 0;
    }

    /// <summary>Positions of the grid in an image.</summary>
    public readonly int Grid => GridHeight * GridWidth;

    /// <summary>Whether the result lies as the grid does.</summary>
    public readonly bool Covers => ResultStepY == 1 && ResultStepX == 1;

    /// <summary>Whether the image matrix is the images themselves, so that pixels that are neighbours in memory are so in the matrix.</summary>
    public static bool IsDense(ConvolutionGeometry g) =>
        g.Taps == 1 && g.TapsY[0] == 0 && g.TapsX[0] == 0 && g.StepY == 1 && g.StepX == 1 && g.GridHeight == g.SourceHeight && g.GridWidth == g.SourceWidth;

    /// <summary>How the kernels read and write, as compile options.</summary>
    public static string Options(ElementTuning elements, bool dense, int left, int right, int result) => string.Format(CultureInfo.InvariantCulture,
        " -D IMAGE_DENSE={0} -D LEFT_VECTOR={1} -D RIGHT_VECTOR={2} -D RESULT_VECTOR={3} {4}", dense ? 1 : 0, left, right, result, elements.CompileOptions);

    /// <summary>For each row of the image matrix: its weight's place in a row of weights, its value's from the pixel's, rows and columns away.</summary>
    public static DeviceTable MakePlaces(OpenClBackend backend, ConvolutionGeometry g)
    {
        var places = new int[checked(4 * g.Channels * g.Taps)];
        int at = 0;
        for (int channel = 0; channel < g.Channels; channel++)
            for (int tap = 0; tap < g.Taps; tap++)
            {
                places[at++] = channel * g.WeightChannel + g.WeightTaps[tap];
                places[at++] = (channel * g.SourceHeight + g.TapsY[tap]) * g.SourceWidth + g.TapsX[tap];
                places[at++] = g.TapsY[tap];
                places[at++] = g.TapsX[tap];
            }
        return new DeviceTable(backend, places);
    }
}
