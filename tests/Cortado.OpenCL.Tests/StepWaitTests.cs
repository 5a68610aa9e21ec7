using Cortado.Backends;
using Cortado.Backends.Contracts;
using Cortado.Formats;
using Cortado.OpenCL;
using Cortado.Solvers;
using Cortado.Tensors;

namespace Cortado.Tests;

/// <summary>What a training step waits for: the numbers that it shows, and nothing else.</summary>
[Collection(nameof(ParityCollection))]
public sealed class StepWaitTests(Parity parity)
{
    private const string Trained = """
        layer { name: "data" type: "Data" top: "data" top: "label" transform_param { scale: 0.00390625 } data_param { source: "memory" batch_size: 6 backend: LMDB } }
        layer { name: "conv" type: "Convolution" bottom: "data" top: "conv" convolution_param { num_output: 8 kernel_size: 3 weight_filler { type: "xavier" } } }
        layer { name: "relu" type: "ReLU" bottom: "conv" top: "conv" }
        layer { name: "norm" type: "LRN" bottom: "conv" top: "norm" }
        layer { name: "pool" type: "Pooling" bottom: "norm" top: "pool" pooling_param { pool: MAX kernel_size: 2 stride: 2 } }
        layer { name: "ip" type: "InnerProduct" bottom: "pool" top: "ip" inner_product_param { num_output: 2 weight_filler { type: "xavier" } } }
        layer { name: "drop" type: "Dropout" bottom: "ip" top: "ip" }
        layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip" bottom: "label" top: "loss" }
        layer { name: "accuracy" type: "Accuracy" bottom: "ip" bottom: "label" top: "accuracy" }
        """;

    [Theory]
    [InlineData(false, "type: \"SGD\" momentum: 0.9", 1)]
    [InlineData(true, "type: \"SGD\" momentum: 0.9", 1)]
    [InlineData(false, "type: \"Adam\" momentum: 0.9 clip_gradients: 0.1", 2)]
    [InlineData(true, "type: \"Adam\" momentum: 0.9 clip_gradients: 0.1", 2)]
    public void AStepWaitsForItsLossAndItsNormOnly(bool asGpu, string settings, int numbers)
    {
        using var backend = new OpenClBackend(parity.Device.Device, new OpenClOptions { AsGpu = asGpu });
        SolverParameter parameter = SolverFile.Parse("base_lr: 0.01 lr_policy: \"fixed\" display: 0 random_seed: 1 " + settings, "solver").Message;
        parameter.NetParam = NetFile.Parse(Trained, "net").Message;
        using var solver = new Solver(parameter, new SolverOptions { Backend = backend, Databases = MemoryDatabase.OfImages(20, 16, i => i % 2) });
        // The first steps make views and operators.
        solver.Step(5);
        long waits = backend.Queue.Waits, finishes = backend.Queue.Finishes, uploads = backend.Queue.UploadWaits;
        int handles = backend.LiveHandles;
        solver.Step(10);
        Assert.Equal(10 * numbers, backend.Queue.Waits - waits);
        Assert.Equal(0, backend.Queue.Finishes - finishes);
        // The images and the labels, each for the batch before the last.
        Assert.InRange(backend.Queue.UploadWaits - uploads, 0, 20);
        Assert.Equal(handles, backend.LiveHandles);
    }

    [Fact]
    public void TheNormOfAWholeGradientIsThatOfItsArrays()
    {
        int[] counts = [1, 8192, 20_000, 37, 8193];
        parity.Compare("global norm", stage =>
        {
            IGlobalNorm whole = stage.Prepare(new GlobalNormSpec(counts));
            DeviceBuffer?[] arrays = counts.Select(count => (DeviceBuffer?)stage.Random(count)).ToArray();
            double sum = 0;
            foreach ((DeviceBuffer? array, int count) in arrays.Zip(counts)) sum += stage.Prepare(new VectorNormSpec(count)).SumOfSquares(array!);
            Assert.Equal(sum, whole.SumOfSquares(arrays));
            stage.Show("all", whole.SumOfSquares(arrays));
            arrays[2] = null;
            stage.Show("without the third", whole.SumOfSquares(arrays));
        });
    }

    /// <summary>A batch that travels while the device has nothing else to do: the kernel that reads it must wait for it.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AKernelWaitsForItsBatch(bool asGpu)
    {
        const int count = 1 << 23;
        using var backend = new OpenClBackend(parity.Device.Device, new OpenClOptions { AsGpu = asGpu });
        using DeviceBuffer input = backend.Allocate(count), copy = backend.Allocate(count);
        using IWeightedSum add = backend.Prepare(new WeightedSumSpec(count));
        float[] one = [1];
        input.ExpectStream();
        for (int batch = 1; batch <= 6; batch++)
        {
            input.Write().Fill(batch);
            backend.Synchronize();
            add.Run([input], one, copy);
            ReadOnlySpan<float> found = copy.Read();
            Assert.Equal(count, found.Count(batch));
        }
    }

    /// <summary>Batches that travel beside the work on the one before: each result must come from its own batch.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EachBatchIsComputedOnItsOwn(bool asGpu)
    {
        const int count = 1 << 18, batches = 50;
        using var backend = new OpenClBackend(parity.Device.Device, new OpenClOptions { AsGpu = asGpu });
        using DeviceBuffer input = backend.Allocate(count), sums = backend.Allocate(count), work = backend.Allocate(count);
        using IWeightedSum add = backend.Prepare(new WeightedSumSpec(count));
        float[] one = [1], both = [1, 1];
        input.ExpectStream();
        long waits = backend.Queue.Waits;
        for (int batch = 1; batch <= batches; batch++)
        {
            Span<float> values = input.Write();
            values.Fill(batch);
            values[batch] = -batch;
            // Work that reads the batch late.
            for (int i = 0; i < 20; i++) add.Run([sums], one, work);
            add.Run([sums, input], both, sums);
        }
        Assert.Equal(0, backend.Queue.Waits - waits);
        float all = batches * (batches + 1) / 2;
        float[] found = sums.Read().ToArray();
        for (int i = 0; i < count; i++) Assert.Equal(i >= 1 && i <= batches ? all - 2 * i : all, found[i]);
    }
}
