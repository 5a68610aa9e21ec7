using Cortado.Backends.Contracts;
using Cortado.Formats;
using Cortado.Nets;
using Cortado.OpenCL;
using Cortado.OpenCL.Runtime;
using Cortado.Solvers;
using Cortado.Tensors;

namespace Cortado.Tests;

/// <summary>Compiled kernels on disk, and what becomes of those that do not compile.</summary>
[Collection(nameof(ParityCollection))]
public sealed class ProgramCacheTests(Parity parity) : IDisposable
{
    private const string Trained = """
        layer { name: "data" type: "Data" top: "data" top: "label" transform_param { scale: 0.00390625 } data_param { source: "memory" batch_size: 6 backend: LMDB } }
        layer { name: "conv" type: "Convolution" bottom: "data" top: "conv" convolution_param { num_output: 8 kernel_size: 3 weight_filler { type: "xavier" } } }
        layer { name: "norm" type: "BatchNorm" bottom: "conv" top: "norm" }
        layer { name: "pool" type: "Pooling" bottom: "norm" top: "pool" pooling_param { pool: MAX kernel_size: 2 stride: 2 } }
        layer { name: "ip" type: "InnerProduct" bottom: "pool" top: "ip" inner_product_param { num_output: 2 weight_filler { type: "xavier" } } }
        layer { name: "drop" type: "Dropout" bottom: "ip" top: "ip" }
        layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip" bottom: "label" top: "loss" }
        """;

    private readonly string _folder = Path.Combine(Path.GetTempPath(), "cortado-" + Guid.NewGuid().ToString("N"));

    [Fact]
    public void TheSecondStartCompilesNothing()
    {
        (int compiled, int cached, float first) = Run();
        Assert.Equal((1, 0), (compiled, cached));
        (compiled, cached, float second) = Run();
        Assert.Equal((0, 1), (compiled, cached));
        Assert.Equal(first, second);
    }

    /// <summary>What a game does: the network is built and warmed up, then images come.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ANetworkThatIsWarmAndASecondStartOfItCompileNothing(bool half)
    {
        int programs = 0;
        for (int start = 0; start < 2; start++)
        {
            using var backend = new OpenClBackend(parity.Device.Device, new OpenClOptions { CacheFolder = _folder, HalfWeights = half });
            using Net net = Net.Build(NetFile.Load(GoldenFolder.PathOf("seed_small/deploy.prototxt")).Message, new NetOptions { Backend = backend, FrozenWeights = true });
            net.WarmUp();
            int used = backend.CompiledPrograms + backend.CachedPrograms;
            if (start == 0) programs = used;
            Assert.InRange(programs, 5, 100);
            Assert.Equal(start == 0 ? (programs, 0) : (0, programs), (backend.CompiledPrograms, backend.CachedPrograms));
            long allocated = backend.AllocatedBytes;
            net.Forward();
            net.Outputs[0].ReadData();
            Assert.Equal(used, backend.CompiledPrograms + backend.CachedPrograms);
            Assert.Equal(allocated, backend.AllocatedBytes);
        }
    }

    /// <summary>What a training does: all is compiled and all memory made before the first iteration, and the training is the one that was not warmed up.</summary>
    [Theory]
    [InlineData(false, "type: \"SGD\" momentum: 0.9")]
    [InlineData(true, "type: \"Adam\" momentum: 0.9 clip_gradients: 0.1")]
    public void ATrainingCompilesNothingAfterItsWarmUpAndIsTheSame(bool asGpu, string rule)
    {
        SolverParameter parameter = SolverFile.Parse($"base_lr: 0.01 lr_policy: \"fixed\" display: 0 random_seed: 1 max_iter: 4 snapshot_after_train: false test_interval: 2 test_iter: 1 {rule}", "solver").Message;
        parameter.NetParam = NetFile.Parse(Trained, "net").Message;
        using var backend = new OpenClBackend(parity.Device.Device, new OpenClOptions { CacheFolder = _folder, AsGpu = asGpu });
        var progress = new Progress();
        var options = new SolverOptions { Backend = backend, Databases = MemoryDatabase.OfImages(20, 16, i => i % 2), Observers = [progress] };
        using var warm = new Solver(parameter, options);
        float[][] first = Weights(warm);
        warm.WarmUp();
        Assert.Equal(first, Weights(warm));
        Assert.Equal(Enumerable.Range(0, warm.Net.WarmUpSteps(backward: true) + warm.TestNets[0].WarmUpSteps(backward: false) + 1), progress.Done);
        Assert.DoesNotContain(warm.TestNets[0].Blobs, blob => blob.Count > 1 && blob.HasDiff);
        (int programs, long allocated, int told) = (backend.CompiledPrograms, backend.AllocatedBytes, progress.Done.Count);
        Assert.Equal(SolveOutcome.Finished, warm.Solve());
        Assert.Equal((programs, told), (backend.CompiledPrograms, progress.Done.Count));
        // A batch that travels beside the one before needs its own memory, when it comes; and single numbers are read.
        Assert.InRange(backend.AllocatedBytes - allocated, 0, 2 * 6 * (3 * 16 * 16 + 1) * sizeof(float) + 512);

        using var cold = new Solver(parameter, options);
        cold.TestAll();
        cold.Step(2);
        cold.TestAll();
        cold.Step(2);
        Assert.Equal(Weights(cold), Weights(warm));
    }

    [Fact]
    public void AWarmUpEndsWhereTheTrainingIsToEnd()
    {
        SolverParameter parameter = SolverFile.Parse("base_lr: 0.01 lr_policy: \"fixed\" random_seed: 1 max_iter: 4 snapshot_after_train: false test_interval: 2 test_iter: 1", "solver").Message;
        parameter.NetParam = NetFile.Parse(Trained, "net").Message;
        var progress = new Progress { StopAt = 3 };
        using var solver = new Solver(parameter, new SolverOptions { Backend = parity.Device, Databases = MemoryDatabase.OfImages(20, 16, i => i % 2), Observers = [progress] });
        Assert.Equal(SolveOutcome.Stopped, solver.Solve());
        Assert.Equal([0, 1, 2, 3], progress.Done);
        Assert.Equal(0, solver.Iteration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("cut")]
    [InlineData("flipped")]
    public void ABrokenFileIsCompiledAnew(string damage)
    {
        float first = Run().Result;
        string file = Assert.Single(Directory.GetFiles(_folder, "*", SearchOption.AllDirectories));
        byte[] bytes = File.ReadAllBytes(file);
        if (damage == "cut") bytes = bytes[..(bytes.Length / 2)];
        else if (damage == "flipped") bytes[bytes.Length - 100] ^= 1;
        else bytes = System.Text.Encoding.ASCII.GetBytes(damage);
        File.WriteAllBytes(file, bytes);
        (int compiled, int cached, float second) = Run();
        Assert.Equal((1, 0), (compiled, cached));
        Assert.Equal(first, second);
        Assert.Equal((0, 1), (Run().Compiled, Run().Cached));
    }

    [Fact]
    public void AFolderThatCannotBeIsNoFolder()
    {
        File.WriteAllText(_folder, "a file where the folder should be");
        Assert.Equal((1, 0), (Run().Compiled, Run().Cached));
        File.Delete(_folder);
    }

    [Fact]
    public void AKernelThatDoesNotCompileIsShownWithTheBuildLog()
    {
        using var backend = new OpenClBackend(parity.Device.Device, new OpenClOptions { CacheFolder = _folder });
        var error = Assert.Throws<OpenClException>(() => backend.Programs.Get("update.cl", "-D NO_SUCH_RULE"));
        Assert.Contains("update.cl with '-D NO_SUCH_RULE'", error.Message);
        Assert.Contains("error:", error.Message);
    }

    [Fact]
    public void TuningsReadBackWhatTheyWrite()
    {
        OpenClDevice device = parity.Device.Device;
        var elements = new ElementTuning(8, 64);
        Assert.Equal(elements, ElementTuning.Parse(elements.CompileOptions));
        Assert.Null(elements.Problem(device));
        Assert.NotNull(new ElementTuning(3, 64).Problem(device));
        Assert.NotNull(new ElementTuning(4, 1 << 30).Problem(device));
        var lanes = new ReductionTuning(64, 2);
        Assert.Equal(lanes, ReductionTuning.Parse(lanes.CompileOptions));
        Assert.Null(lanes.Problem(device));
        Assert.NotNull(new ReductionTuning(48, 2).Problem(device));
        Assert.Null(ReductionTuning.Parse("-D LANES=4"));
        Assert.Null(ReductionTuning.Parse("-D LANES=x -D WIDTH=1"));
        Assert.Null(ElementTuning.Parse(elements.CompileOptions + " -D MORE=1"));
    }

    public void Dispose()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, true);
    }

    private (int Compiled, int Cached, float Result) Run()
    {
        using var backend = new OpenClBackend(parity.Device.Device, new OpenClOptions { CacheFolder = _folder });
        using var stage = new Stage(backend);
        IActivation op = stage.Prepare(new TanhSpec(3));
        DeviceBuffer y = stage.Room(3);
        op.Forward(stage.Values(0.1f, 0.2f, 0.3f), y);
        return (backend.CompiledPrograms, backend.CachedPrograms, y.Read()[1]);
    }

    private static float[][] Weights(Solver solver) => solver.Net.Params.Select(param => param.Blob.ReadData().ToArray()).ToArray();

    private sealed class Progress : SolverObserver
    {
        public List<int> Done { get; } = [];

        public int StopAt { get; init; } = int.MaxValue;

        public override void WarmingUp(Solver solver, int done, int total)
        {
            Done.Add(done);
            if (done == StopAt) solver.RequestStop(snapshot: false);
        }
    }
}
