using System.Text.RegularExpressions;
using Cortado.Backends;
using Cortado.Backends.Cpu;
using Cortado.Formats;
using Cortado.Inference;
using Cortado.Nets;
using Cortado.OpenCL;
using Cortado.Solvers;
using Cortado.Tests.Solvers;

namespace Cortado.Tests;

/// <summary>What is planned before anything is allocated, against what a real run came to hold.</summary>
[Collection(nameof(ParityCollection))]
public sealed class MemoryPlanTests(Parity parity)
{
    private const double MostTooMuch = 1.03;

    /// <summary>Every kind of operator with memory of its own, and two that the device lacks (Tile, Reduction).</summary>
    private const string Mixed = """
        name: "mixed"
        layer { name: "data" type: "Data" top: "data" top: "label" include { phase: TRAIN } transform_param { scale: 0.00390625 }
                data_param { source: "memory" batch_size: 6 backend: LMDB } }
        layer { name: "data" type: "Data" top: "data" top: "label" include { phase: TEST } transform_param { scale: 0.00390625 }
                data_param { source: "memory" batch_size: 9 backend: LMDB } }
        layer { name: "conv1" type: "Convolution" bottom: "data" top: "conv1" convolution_param { num_output: 16 kernel_size: 5 pad: 2 weight_filler { type: "xavier" } } }
        layer { name: "bn" type: "BatchNorm" bottom: "conv1" top: "bn" }
        layer { name: "scale" type: "Scale" bottom: "bn" top: "scale" scale_param { bias_term: true } }
        layer { name: "relu1" type: "ReLU" bottom: "scale" top: "scale" }
        layer { name: "norm" type: "LRN" bottom: "scale" top: "norm" lrn_param { local_size: 5 alpha: 0.0001 beta: 0.75 } }
        layer { name: "pool1" type: "Pooling" bottom: "norm" top: "pool1" pooling_param { pool: MAX kernel_size: 3 stride: 2 } }
        layer { name: "conv2" type: "Convolution" bottom: "pool1" top: "conv2" convolution_param { num_output: 24 kernel_size: 3 group: 2 pad: 1 stride: 2 weight_filler { type: "xavier" } } }
        layer { name: "prelu" type: "PReLU" bottom: "conv2" top: "prelu" }
        layer { name: "conv3" type: "Convolution" bottom: "pool1" top: "conv3" convolution_param { num_output: 24 kernel_size: 3 pad: 1 stride: 2 weight_filler { type: "xavier" } } }
        layer { name: "sum" type: "Eltwise" bottom: "prelu" bottom: "conv3" top: "sum" eltwise_param { operation: MAX } }
        layer { name: "join" type: "Concat" bottom: "sum" bottom: "conv3" top: "join" }
        layer { name: "tile" type: "Tile" bottom: "join" top: "tile" tile_param { axis: 1 tiles: 2 } }
        layer { name: "ip1" type: "InnerProduct" bottom: "tile" top: "ip1" inner_product_param { num_output: 64 weight_filler { type: "xavier" } } }
        layer { name: "drop" type: "Dropout" bottom: "ip1" top: "ip1" }
        layer { name: "ip2" type: "InnerProduct" bottom: "ip1" top: "ip2" inner_product_param { num_output: 2 weight_filler { type: "xavier" } } }
        layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip2" bottom: "label" top: "loss" }
        layer { name: "accuracy" type: "Accuracy" bottom: "ip2" bottom: "label" top: "accuracy" include { phase: TEST } }
        """;

    [Theory]
    [InlineData("type: 'SGD' momentum: 0.9", false)]
    [InlineData("type: 'SGD' momentum: 0.9 clip_gradients: 1", true)]
    [InlineData("type: 'Adam' momentum: 0.9 momentum2: 0.999 iter_size: 2", true)]
    [InlineData("type: 'AdaDelta' momentum: 0.9 delta: 1e-6", false)]
    public void ATrainingTakesWhatWasPlanned(string settings, bool asGpu)
    {
        SolverParameter solver = Parameter(settings, Mixed);
        Compare(asGpu, solver, MemoryDatabase.OfImages(20, 24, i => i % 2), batch: null);
    }

    [Fact]
    public void TheAskersNetworkTakesWhatWasPlanned()
    {
        SolverParameter solver = Parameter("type: 'SGD' momentum: 0.9 weight_decay: 0.0005", File.ReadAllText(SeedFile));
        Compare(asGpu: false, solver, MemoryDatabase.OfImages(20, 70, i => i % 2), batch: 3);
    }

    private static string SeedFile => Path.Combine(GoldenFolder.Repository, "tests", "Shared", "Seed", "train_val.prototxt");

    [Fact]
    public void ANetworkInUseTakesWhatWasPlanned()
    {
        foreach ((bool asGpu, bool half, int batch) in new[] { (false, false, 4), (true, false, 4), (false, true, 1), (true, true, 1), (false, false, 1) })
        {
            using var backend = new OpenClBackend(parity.Device.Device, new OpenClOptions { AsGpu = asGpu, HalfWeights = half });
            NetOptions options = new() { Backend = backend, FrozenWeights = true, Databases = MemoryDatabase.OfImages(20, 24, i => i % 2) };
            NetParameter parameter = NetFile.Parse(Mixed, "net").Message;
            MemoryPlan plan = NetRehearsal.Plan(NetRehearsal.WithoutSources(parameter, options)!, options, batch)!;
            using Net net = Net.Build(BatchOverride.Apply(parameter, batch), options);
            for (int i = 0; i < 4; i++)
            {
                net.Forward();
                _ = net.Loss();
            }
            Check(plan, backend);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhatDoesNotFitIsRefusedWithTheBatchThatDoes(bool asGpu)
    {
        SolverParameter solver = Parameter("type: 'SGD' momentum: 0.9", Mixed);
        MemoryDatabase data = MemoryDatabase.OfImages(20, 24, i => i % 2);
        MemoryPlan PlanOf(OpenClBackend backend, int batch) => SolverRehearsal.Plan(solver, Options(backend, data, batch), 1)!;
        long fits;
        using (OpenClBackend free = Open(asGpu)) fits = PlanOf(free, 37).Bytes;
        using var small = new OpenClBackend(parity.Device.Device, new OpenClOptions { AsGpu = asGpu, MemoryBytes = fits });
        var refused = Assert.Throws<CortadoException>(() => new Solver(solver, Options(small, data, 500)));
        Assert.Equal(0, small.PeakBytes);
        Assert.Contains("The training 'mixed' with a batch of 500 needs ", refused.Message);
        Assert.Contains($"{MemoryPlan.Size(PlanOf(small, 500).Bytes)} of memory on {parity.Device.Device.Name}, which has {MemoryPlan.Size(fits)}, ", refused.Message);
        int told = int.Parse(Regex.Match(refused.Message, "A batch of ([0-9]+) fits: --batch ([0-9]+)").Groups[1].Value);
        Assert.True(PlanOf(small, told).Bytes <= fits);
        Assert.True(PlanOf(small, told + 1).Bytes > fits);
        Assert.True(told >= 37);

        // What it tells fits indeed.
        using var solving = new Solver(solver, Options(small, data, told));
        solving.Step(2);
        Assert.InRange(small.PeakBytes, 1, fits);
    }

    [Fact]
    public void ASingleBufferThatIsTooLongIsRefused()
    {
        const int imageBytes = 16 * 24 * 24 * sizeof(float);
        using var small = new OpenClBackend(parity.Device.Device, new OpenClOptions { LargestBufferBytes = 30 * imageBytes });
        SolverParameter solver = Parameter("type: 'SGD'", Mixed);
        MemoryDatabase data = MemoryDatabase.OfImages(20, 24, i => i % 2);
        var refused = Assert.Throws<CortadoException>(() => new Solver(solver, Options(small, data, 40)));
        Assert.Contains("with a single buffer of ", refused.Message);
        // The largest array is conv1's, unless an operator's workspace is larger.
        int told = int.Parse(Regex.Match(refused.Message, "A batch of ([0-9]+) fits").Groups[1].Value);
        Assert.InRange(told, 9, 30);
        Assert.True(SolverRehearsal.Plan(solver, Options(small, data, told), 1)!.LargestBufferBytes <= 30 * imageBytes);
        Assert.True(SolverRehearsal.Plan(solver, Options(small, data, told + 1), 1)!.LargestBufferBytes > 30 * imageBytes);
        Assert.Equal(0, small.PeakBytes);
    }

    [Fact]
    public void SomeOfACardsOwnMemoryIsLeftToItsDriver()
    {
        Assert.Equal(0, parity.Device.MemoryLimits.DriverBytes);
        MemoryLimits card = parity.AsGpu.MemoryLimits;
        Assert.InRange(card.DriverBytes, card.TotalBytes / 20, card.TotalBytes / 10);
        Assert.False(new MemoryPlan(card.TotalBytes - card.DriverBytes + 1, 1, 1).Fits(card));
        Assert.True(new MemoryPlan(card.TotalBytes - card.DriverBytes, 1, 1).Fits(card));
    }

    [Fact]
    public void WhereNoBatchFitsItSaysSo()
    {
        using var tiny = new OpenClBackend(parity.Device.Device, new OpenClOptions { MemoryBytes = 100_000 });
        MemoryDatabase data = MemoryDatabase.OfImages(20, 24, i => i % 2);
        Assert.Contains("No batch fits", Assert.Throws<CortadoException>(() => new Solver(Parameter("type: 'SGD'", Mixed), Options(tiny, data, null))).Message);
        Assert.Contains("The network 'mixed' with a batch of 1 needs",
            Assert.Throws<CortadoException>(() => Net.Build(BatchOverride.Apply(NetFile.Parse(Mixed, "net").Message, 1), new NetOptions { Backend = tiny, Databases = data })).Message);
        Assert.Equal(0, tiny.PeakBytes);
    }

    [Fact]
    public void WhatIsHeldAlreadyCounts()
    {
        MemoryDatabase data = MemoryDatabase.OfImages(20, 24, i => i % 2);
        SolverParameter solver = Parameter("type: 'SGD'", Mixed);
        long needed;
        using (OpenClBackend free = Open(asGpu: false)) needed = SolverRehearsal.Plan(solver, Options(free, data, null), 1)!.Bytes;
        using var backend = new OpenClBackend(parity.Device.Device, new OpenClOptions { MemoryBytes = needed + 1000 });
        using (backend.Allocate(10_000))
            Assert.Contains("of which 0.0 MiB are in use already", Assert.Throws<CortadoException>(() => new Solver(solver, Options(backend, data, null))).Message);
        // What a first network leaves behind for all, a second one uses: it needs no more.
        for (int i = 0; i < 2; i++)
        {
            using var solving = new Solver(solver, Options(backend, data, null));
            solving.Step(2);
            solving.TestAll();
        }
        Assert.True(backend.AllocatedBytes > 0);
        Assert.True(backend.PeakBytes <= needed + 1000);
    }

    [Fact]
    public void AClassifierThatDoesNotFitIsRefused()
    {
        using var folder = new TempFolder();
        string model = folder.File("net.prototxt"), weights = folder.File("net.caffemodel");
        File.WriteAllText(model, "name: 'small' layer { name: 'data' type: 'Input' top: 'data' input_param { shape { dim: 1 dim: 3 dim: 8 dim: 8 } } } layer { name: 'ip' type: 'InnerProduct' bottom: 'data' top: 'prob' inner_product_param { num_output: 500 } }".Replace('\'', '"'));
        using (var cpu = new CpuBackend(1))
        using (Net net = Net.Build(NetFile.Load(model).Message, new NetOptions { Backend = cpu })) WeightSaver.Save(net, weights);
        using var tiny = new OpenClBackend(parity.Device.Device, new OpenClOptions { MemoryBytes = 300_000 });
        var refused = Assert.Throws<CortadoException>(() => Classifier.Load(model, weights, new ClassifierOptions { Backend = tiny }));
        Assert.Contains("There is no smaller batch: use a smaller network or image, another device, or --device cpu.", refused.Message);
        using var enough = new OpenClBackend(parity.Device.Device, new OpenClOptions { MemoryBytes = 1_000_000 });
        Classifier.Load(model, weights, new ClassifierOptions { Backend = enough }).Dispose();
    }

    private OpenClBackend Open(bool asGpu) => new(parity.Device.Device, new OpenClOptions { AsGpu = asGpu });

    private void Compare(bool asGpu, SolverParameter solver, MemoryDatabase data, int? batch)
    {
        using OpenClBackend backend = Open(asGpu);
        MemoryPlan plan = SolverRehearsal.Plan(solver, Options(backend, data, batch), 1)!;
        Assert.Equal(0, backend.PeakBytes);
        using var trained = new Solver(solver, Options(backend, data, batch));
        trained.Step(5);
        trained.TestAll();
        Check(plan, backend);
    }

    private static void Check(MemoryPlan plan, OpenClBackend backend)
    {
        Assert.True(plan.Bytes >= backend.PeakBytes, $"planned {plan.Bytes}, took {backend.PeakBytes}");
        Assert.True(plan.Bytes <= backend.PeakBytes * MostTooMuch, $"planned {plan.Bytes}, took {backend.PeakBytes}");
        Assert.Equal(backend.LargestAllocation, plan.LargestBufferBytes);
    }

    private static SolverParameter Parameter(string settings, string net)
    {
        SolverParameter parameter = SolverFile.Parse("test_iter: 2 test_interval: 1000 test_initialization: false base_lr: 0.001 lr_policy: 'fixed' random_seed: 5 ".Replace('\'', '"') + settings.Replace('\'', '"'), "solver").Message;
        parameter.NetParam = NetFile.Parse(net, "net").Message;
        foreach (LayerParameter layer in parameter.NetParam.Layer)
            if (layer.DataParam is { } source && layer.Include.Any(rule => rule.Phase == Phase.Test)) source.BatchSize = Math.Min(source.BatchSize, 9);
        return parameter;
    }

    private static SolverOptions Options(OpenClBackend backend, MemoryDatabase data, int? batch) => new() { Backend = backend, Databases = data, BatchSize = batch };
}
