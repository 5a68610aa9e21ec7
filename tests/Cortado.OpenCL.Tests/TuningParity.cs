using Cortado.Backends;
using Cortado.Backends.Contracts;
using Cortado.OpenCL;
using Cortado.OpenCL.Operators;
using Cortado.Tensors;

namespace Cortado.Tests;

/// <summary>Matrix products with other numbers than the defaults compute the same.</summary>
[Collection(nameof(ParityCollection))]
public class TuningParity(Parity parity)
{
    public static TheoryData<string> Panels =>
    [
        "-D ROWS=6 -D WIDTH=8 -D DEPTH=64 -D CONVOLUTION_DEPTH=64 -D BLOCK=4096",
        "-D ROWS=8 -D WIDTH=16 -D DEPTH=16 -D CONVOLUTION_DEPTH=32 -D BLOCK=8192",
    ];

    public static TheoryData<string> Tiles =>
    [
        "-D TILE_M=16 -D TILE_N=16 -D TILE_K=8 -D WORK_M=4 -D WORK_N=4",
        "-D TILE_M=32 -D TILE_N=64 -D TILE_K=8 -D WORK_M=8 -D WORK_N=4",
        "-D TILE_M=128 -D TILE_N=64 -D TILE_K=16 -D WORK_M=8 -D WORK_N=8",
    ];

    [Theory]
    [MemberData(nameof(Panels))]
    public void PanelsOfAnySize(string options)
    {
        MatrixKernels kernels = parity.Device.MatrixKernels;
        PanelTuning before = kernels.Panels, tuning = PanelTuning.Parse(options)!.Value;
        Assert.Equal(options, tuning.CompileOptions);
        Assert.Null(tuning.Problem(parity.Device.Device));
        kernels.Panels = tuning;
        Compare(tuning.Describe());
        kernels.Panels = before;
    }

    [Theory]
    [MemberData(nameof(Tiles))]
    public void TilesOfAnySize(string options)
    {
        MatrixKernels kernels = parity.AsGpu.MatrixKernels;
        TileTuning before = kernels.Tiles, tuning = TileTuning.Parse(options)!.Value;
        Assert.Equal(options, tuning.CompileOptions);
        Assert.Null(tuning.Problem(parity.AsGpu.Device));
        kernels.Tiles = tuning;
        Compare(tuning.Describe());
        kernels.Tiles = before;
    }

    [Theory]
    [InlineData("-D ROWS=17 -D WIDTH=16 -D DEPTH=64 -D CONVOLUTION_DEPTH=64 -D BLOCK=4096")]
    [InlineData("-D ROWS=6 -D WIDTH=5 -D DEPTH=64 -D CONVOLUTION_DEPTH=64 -D BLOCK=4096")]
    [InlineData("-D ROWS=6 -D WIDTH=8 -D DEPTH=1 -D CONVOLUTION_DEPTH=64 -D BLOCK=4096")]
    public void PanelsThatCannotBeAreRefused(string options) => Assert.NotNull(PanelTuning.Parse(options)!.Value.Problem(parity.Device.Device));

    [Theory]
    [InlineData("-D TILE_M=64 -D TILE_N=64 -D TILE_K=16 -D WORK_M=3 -D WORK_N=4")]
    [InlineData("-D TILE_M=64 -D TILE_N=60 -D TILE_K=16 -D WORK_M=8 -D WORK_N=8")]
    [InlineData("-D TILE_M=32 -D TILE_N=32 -D TILE_K=24 -D WORK_M=4 -D WORK_N=4")]
    public void TilesThatCannotBeAreRefused(string options) => Assert.NotNull(TileTuning.Parse(options)!.Value.Problem(parity.AsGpu.Device));

    private void Compare(string what) => parity.Compare(what, stage =>
    {
        var spec = new ConvolutionSpec
        {
            Batch = 3,
            InChannels = 18,
            InHeight = 9,
            InWidth = 11,
            OutChannels = 70,
            KernelHeight = 3,
            KernelWidth = 4,
            StrideHeight = 1,
            StrideWidth = 2,
            PadHeight = 1,
            PadWidth = 2,
            Groups = 2,
        };
        IConvolution convolution = stage.Prepare(spec);
        int inputs = 3 * 18 * 99, outputs = 3 * 70 * spec.OutHeight * spec.OutWidth, weights = 70 * 9 * 12;
        DeviceBuffer x = stage.Random(inputs), w = stage.Random(weights), y = stage.Room(outputs), dy = stage.Random(outputs), dx = stage.Room(inputs), dw = stage.Random(weights);
        convolution.Forward(x, w, stage.Random(70), y);
        convolution.BackwardData(dy, w, dx);
        convolution.BackwardWeights(x, dy, dw, null);
        stage.Show("convolution", y, outputs);
        stage.Show("gradient of its input", dx, inputs);
        stage.Show("gradient of its weights", dw, weights);
        foreach (bool transposed in new[] { false, true })
        {
            IInnerProduct product = stage.Prepare(new InnerProductSpec { Batch = 37, Inputs = 300, Outputs = 53, TransposedWeights = transposed });
            DeviceBuffer a = stage.Random(37 * 300), b = stage.Random(300 * 53), c = stage.Room(37 * 53), dc = stage.Random(37 * 53), da = stage.Room(37 * 300), db = stage.Random(300 * 53);
            product.Forward(a, b, stage.Random(53), c);
            product.BackwardData(dc, b, da);
            product.BackwardWeights(a, dc, db, null);
            stage.Show("product", c, 37 * 53);
            stage.Show("gradient of its input", da, 37 * 300);
            stage.Show("gradient of its weights", db, 300 * 53);
        }
    });
}
