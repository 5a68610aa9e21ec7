using System.Text.RegularExpressions;
using Cortado.Backends.Contracts;
using Cortado.OpenCL;
using Cortado.OpenCL.Operators;
using Cortado.OpenCL.Runtime;
using Cortado.Tensors;

namespace Cortado.Tests;

/// <summary>
/// Every kernel file's kernels, launched as the operators launch them on awkward small shapes, in an OpenCL that checks every access: none
/// strays outside its buffers, races, or uses what nobody wrote.
/// </summary>
public sealed partial class OclgrindTests : IDisposable
{
    // Large tiles take a simulator minutes, and small ones have all the same edges.
    private static readonly TileTuning SmallTiles = new(8, 8, 4, 4, 4, 4, 2), TilesOfEight = new(8, 8, 8, 4, 4, 8, 1);
    private static readonly PanelTuning SmallPanels = new(6, 8, 16, 32, 2048);

    /// <summary>For each kernel file, operators whose kernels it has.</summary>
    private static readonly Dictionary<string, Action<Parity>> Work = new()
    {
        ["accuracy.cl"] = parity => new LossParity(parity).Accuracy(3, 5, 7),
        ["activation.cl"] = parity =>
        {
            foreach (string function in ElementwiseParity.Activations) new ElementwiseParity(parity).Activate(function, [3, 17]);
        },
        ["channels.cl"] = parity =>
        {
            foreach ((int batch, int channels, int inner) in new[] { (2, 3, 35), (3, 2, 300), (5, 7, 1) })
            {
                new ChannelParity(parity).BatchNorm(batch, channels, inner);
                new ChannelParity(parity).Affine(batch, channels, inner);
                new ChannelParity(parity).PRelu(batch, channels, inner);
            }
        },
        ["convolution_cpu.cl"] = Convolve,
        ["convolution_gpu.cl"] = Convolve,
        ["convolution_weights_gpu.cl"] = Convolve,
        ["dropout.cl"] = parity =>
        {
            new ElementwiseParity(parity).Drop(37, 0.4f, 7, 5);
            new ElementwiseParity(parity).Drop(256, 0, 7, 1UL << 33);
        },
        ["elementwise.cl"] = parity =>
        {
            foreach (int inputs in new[] { 0, 1, 5, 9 }) new ElementwiseParity(parity).Sum(inputs, [3, 530]);
            new ElementwiseParity(parity).MultiplyAndCompare(3, [3, 530]);
        },
        ["gemm_cpu.cl"] = Multiply,
        ["gemm_gpu.cl"] = Multiply,
        ["pack_gpu.cl"] = parity => new InnerProductParity(parity).InnerProduct(13, 33, 35),
        ["gemv.cl"] = parity =>
        {
            foreach ((int batch, int inputs, int outputs) in new[] { (1, 37, 53), (3, 600, 5) }) new InnerProductParity(parity).InnerProduct(batch, inputs, outputs);
        },
        ["gemv_cpu.cl"] = parity => new InnerProductParity(parity).InnerProduct(2, 19, 133),
        ["loss.cl"] = parity =>
        {
            new LossParity(parity).SoftmaxLoss(3, 5, 7);
            new LossParity(parity).PairLosses(7, 9);
            new LossParity(parity).PairLosses(3, 300);
            new RowParity(parity).LabelLosses(3, 7, 1);
            new RowParity(parity).LabelLosses(2, 300, 1);
        },
        ["lrn.cl"] = parity =>
        {
            new SpatialParity(parity).LrnAcrossChannels(2, 8, 35, 5, 0.75f);
            new SpatialParity(parity).LrnAcrossChannels(1, 3, 17, 9, 0.6f);
            new SpatialParity(parity).LrnWithinChannel(2, 7, 9, 3, 0.75f);
        },
        ["norm.cl"] = parity => new ElementwiseParity(parity).Norms(),
        ["peak.cl"] = MultiplyAdd,
        ["pooling.cl"] = Pool,
        ["pooling_planes.cl"] = Pool,
        ["rows.cl"] = parity =>
        {
            foreach ((int rows, int length, int copies) in new[] { (1, 1, 1), (3, 7, 2), (2, 300, 3) }) new RowParity(parity).Rows(rows, length, copies);
        },
        ["softmax.cl"] = parity =>
        {
            new LossParity(parity).Softmax(4, 10, 1);
            new LossParity(parity).Softmax(2, 300, 1);
            new LossParity(parity).Softmax(3, 5, 7);
        },
        ["update.cl"] = parity =>
        {
            foreach (Regularization regularization in Enum.GetValues<Regularization>()) new ElementwiseParity(parity).Update(regularization, [3, 530]);
        },
        ["window.cl"] = parity => new SpatialParity(parity).Windows(),
        ["winograd_few_cpu.cl"] = parity =>
        {
            ConvolveOnce(parity, "one image, tiles that do not fit", "three images of one tile");
            parity.Compare("one image, kernel of five", stage =>
            {
                var spec = new ConvolutionSpec { Batch = 1, InChannels = 32, InHeight = 8, InWidth = 7, OutChannels = 33, KernelHeight = 5, KernelWidth = 5, PadHeight = 2, PadWidth = 2, FrozenWeights = true };
                DeviceBuffer y = stage.Room(33 * 56);
                stage.Prepare(spec).Forward(stage.Random(32 * 56), stage.Random(33 * 32 * 25), stage.Random(33), y);
                stage.Show("output", y, 33 * 56);
            });
        },
        ["winograd_cpu.cl"] = parity =>
        {
            foreach ((int kernel, int batch, int channels) in new[] { (3, 8, 16), (5, 16, 32) })
                parity.Compare($"tiles that do not fit, kernel of {kernel}", stage =>
                {
                    var spec = new ConvolutionSpec { Batch = batch, InChannels = channels, InHeight = 5, InWidth = 6, OutChannels = channels + 1, KernelHeight = kernel, KernelWidth = kernel, PadHeight = kernel / 2, PadWidth = kernel / 2 };
                    IConvolution op = stage.Prepare(spec);
                    int inputs = batch * channels * 30, outputs = batch * (channels + 1) * 30, weights = channels * (channels + 1) * kernel * kernel;
                    DeviceBuffer x = stage.Random(inputs), w = stage.Random(weights), y = stage.Room(outputs), dy = stage.Random(outputs), dx = stage.Room(inputs), dw = stage.Random(weights);
                    op.Forward(x, w, stage.Random(channels + 1), y);
                    op.BackwardData(dy, w, dx);
                    op.BackwardWeights(x, dy, dw, null);
                    stage.Show("output", y, outputs);
                    stage.Show("gradient of the input", dx, inputs);
                    stage.Show("gradient of the weights", dw, weights);
                });
        },
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("cortado-oclgrind-").FullName;

    /// <summary>The kernel files that have kernels: others are included by them.</summary>
    public static TheoryData<string> Files => new(typeof(OpenClBackend).Assembly.GetManifestResourceNames().Where(name => KernelsOf(name).Count > 0).Order());

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Files))]
    public void KernelsAccessOnlyWhatTheyMay(string file)
    {
        Assert.True(Work.ContainsKey(file), $"{file} has kernels and no work here.");
        (int code, string reports, HashSet<string> kernels) = Oclgrind.Run(Record(file, Work[file]));
        Assert.True(code == 0, reports);
        Assert.Empty(KernelsOf(file).Except(kernels));
    }

    [Theory]
    [InlineData("softmax.cl", "y[c] /= sum;", "y[c + 64] /= sum;", "Invalid write of size 4")]
    [InlineData("window.cl", "whole[place_in_whole(i, length, origin, axes, rank)];", "whole[place_in_whole(i, length, origin + 999, axes, rank)];", "Invalid read of size 4")]
    [InlineData("convolution_gpu.cl", "partial + (size_t)s * count + i);", "partial + (size_t)s * count + i + RESULT_VECTOR);", "Uninitialized value")]
    [InlineData("convolution_gpu.cl", "turn = SLABS - 1 - turn", "turn = 0", "DIFFERENT")]
    [InlineData("convolution_weights_gpu.cl", "barrier(CLK_LOCAL_MEM_FENCE);\n        }\n    }\n}", "}\n    }\n}", "DIFFERENT")]
    [InlineData("pack_gpu.cl", "row < rows && step < depth ?", "step < depth ?", "Invalid read")]
    [InlineData("gemm_gpu.cl", "if (slab > DEPTH_BEGIN)", "if (slab > DEPTH_BEGIN && lid < 0)", "DIFFERENT")]
    [InlineData("channels.cl", "scratch[lane] += scratch[lane + rest];\n        barrier(CLK_LOCAL_MEM_FENCE);", "scratch[lane] += scratch[lane + rest];", "data race")]
    [InlineData("convolution_cpu.cl", "panels + (size_t)task * LEFT_PANEL", "panels + (size_t)(task / 2 * 2) * LEFT_PANEL", "Write-write data race")]
    [InlineData("convolution_cpu.cl", "for (; i < begin; i++) target[i] = 0.0f;", "i = begin;", "DIFFERENT")]
    [InlineData("winograd_few_cpu.cl", "image * grid + tile;", "(image * grid + tile) / 2 * 2;", "DIFFERENT")]
    [InlineData("lrn.cl", "STORE_GLOBAL(product, scaled + own);", "if (c > 0) STORE_GLOBAL(product, scaled + own);", "Uninitialized value")]
    public void AKernelBrokenOnPurposeIsCaught(string file, string text, string broken, string report)
    {
        (int code, string reports, _) = Oclgrind.Run(Record(file, file switch
        {
            "convolution_gpu.cl" => ConvolveInSlices,
            "convolution_cpu.cl" or "convolution_weights_gpu.cl" => parity => ConvolveOnce(parity, "groups with several outputs"),
            _ => Work[file],
        }), (text, broken));
        Assert.Equal(1, code);
        Assert.Contains(report, reports);
    }

    /// <summary>The work of a kernel file, on a CPU device and on a graphics card.</summary>
    private string[] Record(string file, Action<Parity> work)
    {
        using (var parity = new Parity(_folder))
        {
            parity.Device.MatrixKernels.Panels = SmallPanels;
            parity.AsGpu.MatrixKernels.Tiles = file == "gemm_gpu.cl" ? TilesOfEight : SmallTiles;
            work(parity);
        }
        foreach (bool asGpu in new[] { false, true })
            if (file is "gemv.cl" or "gemv_cpu.cl") MultiplyByHalves(asGpu, outputs: file == "gemv.cl" ? 13 : 133);
        // A family's kernels concern only who has it.
        return Directory.GetFiles(_folder).Where(path => !file.EndsWith(path.Contains("gpu", StringComparison.Ordinal) ? "_cpu.cl" : "_gpu.cl", StringComparison.Ordinal)).Order().ToArray();
    }

    private static void Convolve(Parity parity)
    {
        ConvolveOnce(parity, "one of everything", "pointwise with stride and pad", "pad larger than the stride", "dilation", "groups with several outputs", "planes of fours", "pointwise, planes of twos");
        ConvolveInSlices(parity);
    }

    // Deep enough to be cut into slices.
    private static void ConvolveInSlices(Parity parity)
    {
        new ConvolutionParity(parity).Convolution("slices", new ConvolutionSpec { Batch = 1, InChannels = 60, InHeight = 2, InWidth = 5, OutChannels = 2, KernelHeight = 3, KernelWidth = 3, PadHeight = 1, PadWidth = 1 });
        new ConvolutionParity(parity).Convolution("slices of pixels", new ConvolutionSpec { Batch = 2, InChannels = 1, InHeight = 23, InWidth = 23, OutChannels = 1, KernelHeight = 1, KernelWidth = 1 });
    }

    private static void ConvolveOnce(Parity parity, params string[] names)
    {
        foreach (TheoryDataRow<string, ConvolutionSpec> shape in ConvolutionParity.Shapes)
            if (names.Contains(shape.Data.Item1)) new ConvolutionParity(parity).Convolution(shape.Data.Item1, shape.Data.Item2);
    }

    private static void Multiply(Parity parity)
    {
        foreach ((int batch, int inputs, int outputs) in new[] { (5, 3, 2), (13, 33, 35), (7, 600, 5), (8, 24, 16), (6, 22, 14) }) new InnerProductParity(parity).InnerProduct(batch, inputs, outputs);
    }

    private static void Pool(Parity parity)
    {
        new SpatialParity(parity).Pooling(3, 9, 11, 3, 3, 2, 2, 0, 0);
        new SpatialParity(parity).Pooling(3, 8, 7, 3, 2, 2, 3, 1, 1);
        new SpatialParity(parity).Pooling(2, 5, 5, 5, 5, 1, 1, 4, 4);
        new SpatialParity(parity).MaxPoolingPassesOverNaN();
    }

    private static void MultiplyAdd(Parity parity)
    {
        foreach (OpenClBackend backend in new[] { parity.Device, parity.AsGpu })
        {
            ElementTuning tuning = ElementTuning.Default(backend);
            using Kernel kernel = backend.CreateKernel("peak.cl", tuning.CompileOptions + " -D ROUNDS=3", "peak_multiply_adds", tuning.WorkGroup);
            using DeviceBuffer nothing = backend.Allocate(1);
            kernel.Write(nothing).Number(0.999f).Number(0.001f).Run(2);
            nothing.Read();
        }
    }

    private void MultiplyByHalves(bool asGpu, int outputs)
    {
        OpenClDevice device = OpenClPlatforms.Discover().Find("opencl");
        using var backend = new OpenClBackend(device, new OpenClOptions { AsGpu = asGpu, HalfWeights = true, RecordTo = Path.Combine(_folder, asGpu ? "half_gpu.commands" : "half_cpu.commands") });
        backend.MatrixKernels.Panels = SmallPanels;
        using var stage = new Stage(backend);
        int inputs = outputs < 100 ? 530 : 21;
        foreach (bool transposed in new[] { false, true })
        {
            IInnerProduct product = stage.Prepare(new InnerProductSpec { Batch = 2, Inputs = inputs, Outputs = outputs, FrozenWeights = true, TransposedWeights = transposed });
            DeviceBuffer y = stage.Room(2 * outputs);
            product.Forward(stage.Random(2 * inputs), stage.Random(inputs * outputs), stage.Random(outputs), y);
            stage.Show("output", y, 2 * outputs);
        }
    }

    private static HashSet<string> KernelsOf(string file) => KernelSource.ReadAlone(file) is { } source
        ? KernelNames().Matches(source.Text).Select(match => match.Groups[1].Value).ToHashSet() : [];

    [GeneratedRegex(@"^(?:[A-Z]+_KERNEL|kernel) void (\w+)", RegexOptions.Multiline)]
    private static partial Regex KernelNames();
}
