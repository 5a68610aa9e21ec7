using Cortado.Backends.Contracts;
using Cortado.Formats;
using Cortado.Nets;
using Cortado.OpenCL;
using Cortado.OpenCL.Runtime;
using Cortado.Tensors;

namespace Cortado.Tests;

/// <summary>Compiled kernels on disk, and what becomes of those that do not compile.</summary>
[Collection(nameof(ParityCollection))]
public sealed class ProgramCacheTests(Parity parity) : IDisposable
{
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
}
