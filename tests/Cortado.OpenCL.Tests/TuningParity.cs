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

    /// <summary>
    /// Every number of floats at a time with every number of slabs, over the depths that tuning tries; then other tiles and blocks. Of large ones there is a sample: a
    /// CPU device compiles them for long.
    /// </summary>
    public static TheoryData<string> Tiles
    {
        get
        {
            var all = new TheoryData<string>();
            int at = 0;
            foreach (int slabs in new[] { 1, 2 })
                foreach (int vector in new[] { 1, 2, 4, 8 }) all.Add(new TileTuning(32, 32, 8 << at++ % 3, 4, 4, vector, slabs).CompileOptions);
            foreach ((int m, int n, int workM, int workN) in new[] { (32, 32, 8, 8), (32, 64, 4, 8), (128, 32, 8, 4) })
                all.Add(new TileTuning(m, n, 16, workM, workN, 4, 1 + at++ % 2).CompileOptions);
            return all;
        }
    }

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
        CompareTiles(tuning.Describe());
        kernels.Tiles = before;
    }

    [Theory]
    [InlineData("-D ROWS=17 -D WIDTH=16 -D DEPTH=64 -D CONVOLUTION_DEPTH=64 -D BLOCK=4096")]
    [InlineData("-D ROWS=6 -D WIDTH=5 -D DEPTH=64 -D CONVOLUTION_DEPTH=64 -D BLOCK=4096")]
    [InlineData("-D ROWS=6 -D WIDTH=8 -D DEPTH=1 -D CONVOLUTION_DEPTH=64 -D BLOCK=4096")]
    public void PanelsThatCannotBeAreRefused(string options) => Assert.NotNull(PanelTuning.Parse(options)!.Value.Problem(parity.Device.Device));

    [Theory]
    [InlineData("-D TILE_M=64 -D TILE_N=64 -D TILE_K=16 -D WORK_M=3 -D WORK_N=4 -D VECTOR=4 -D SLABS=1")]
    [InlineData("-D TILE_M=64 -D TILE_N=60 -D TILE_K=16 -D WORK_M=8 -D WORK_N=8 -D VECTOR=8 -D SLABS=2")]
    [InlineData("-D TILE_M=32 -D TILE_N=32 -D TILE_K=24 -D WORK_M=4 -D WORK_N=4 -D VECTOR=4 -D SLABS=1")]
    [InlineData("-D TILE_M=32 -D TILE_N=32 -D TILE_K=8 -D WORK_M=4 -D WORK_N=4 -D VECTOR=3 -D SLABS=1")]
    [InlineData("-D TILE_M=32 -D TILE_N=32 -D TILE_K=8 -D WORK_M=4 -D WORK_N=4 -D VECTOR=4 -D SLABS=3")]
    public void TilesThatCannotBeAreRefused(string options) => Assert.NotNull(TileTuning.Parse(options)!.Value.Problem(parity.AsGpu.Device));

    /// <summary>Shapes of which some allow runs of eight, some of four and some of two; edges that fit no tile.</summary>
    private void CompareTiles(string what) => parity.Compare(what, stage =>
    {
        var spec = new ConvolutionSpec { Batch = 3, InChannels = 14, InHeight = 6, InWidth = 6, OutChannels = 38, KernelHeight = 3, KernelWidth = 3, PadHeight = 1, PadWidth = 1, Groups = 2 };
        Convolve("convolution", spec with { FrozenWeights = true });
        Convolve("pointwise convolution", spec with { InWidth = 4, KernelHeight = 1, KernelWidth = 1, PadHeight = 0, PadWidth = 0 });
        Multiply(12, 530, 72);

        void Convolve(string name, ConvolutionSpec of)
        {
            IConvolution convolution = stage.Prepare(of);
            int inputs = of.Batch * of.InChannels * of.InHeight * of.InWidth, outputs = of.Batch * of.OutChannels * of.OutHeight * of.OutWidth;
            int weights = of.OutChannels * of.InChannels / of.Groups * of.KernelHeight * of.KernelWidth;
            DeviceBuffer x = stage.Random(inputs), w = stage.Random(weights), y = stage.Room(outputs), dy = stage.Random(outputs), dx = stage.Room(inputs), dw = stage.Random(weights);
            convolution.Forward(x, w, stage.Random(of.OutChannels), y);
            convolution.BackwardData(dy, w, dx);
            convolution.BackwardWeights(x, dy, dw, null);
            stage.Show(name, y, outputs);
            stage.Show(name + ": gradient of its input", dx, inputs);
            stage.Show(name + ": gradient of its weights", dw, weights);
        }

        void Multiply(int batch, int inputs, int outputs)
        {
            IInnerProduct product = stage.Prepare(new InnerProductSpec { Batch = batch, Inputs = inputs, Outputs = outputs, FrozenWeights = true });
            DeviceBuffer x = stage.Random(batch * inputs), w = stage.Random(inputs * outputs), y = stage.Room(batch * outputs), dy = stage.Random(batch * outputs);
            DeviceBuffer dx = stage.Room(batch * inputs), dw = stage.Random(inputs * outputs);
            product.Forward(x, w, stage.Random(outputs), y);
            product.BackwardData(dy, w, dx);
            product.BackwardWeights(x, dy, dw, null);
            stage.Show("product", y, batch * outputs);
            stage.Show("gradient of its input", dx, batch * inputs);
            stage.Show("gradient of its weights", dw, inputs * outputs);
        }
    });

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
