using Cortado.Backends.Contracts;
using Cortado.OpenCL;
using Cortado.OpenCL.Operators;
using Cortado.OpenCL.Runtime;
using Cortado.Tensors;

namespace Cortado.Tests;

/// <summary>Tuning beside a network in use, on a device that plays a graphics card.</summary>
[Collection(nameof(ParityCollection))]
public sealed class BackgroundTunerTests(Parity parity) : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5), Enough = TimeSpan.FromMinutes(3);
    private static readonly TileTuning Start = new(16, 16, 8, 4, 4, 4, 1), Other = new(32, 16, 8, 4, 4, 4, 1), Third = new(16, 32, 8, 4, 4, 4, 2);

    private static readonly ConvolutionSpec Spec = new()
    {
        Batch = 1,
        InChannels = 5,
        InHeight = 9,
        InWidth = 9,
        OutChannels = 7,
        KernelHeight = 3,
        KernelWidth = 3,
        FrozenWeights = true,
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("cortado-background-").FullName;
    private readonly List<OpenClTuningStep> _steps = [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void ANetworkInUseKeepsItsBitsAndTheNextStartUsesTheWinner()
    {
        using (OpenClBackend backend = Open(Long, Pace(Other, Third)))
        using (var network = new Network(backend, Spec))
        {
            Assert.False(backend.MatrixKernels.Tuned);
            float[] first = network.Answer();
            int answers = 0;
            while (!backend.BackgroundTuner!.Join(TimeSpan.FromMilliseconds(20)))
            {
                Assert.Equal(first, network.Answer());
                answers++;
            }
            Assert.True(answers > 0);
            Assert.Equal(first, network.Answer());
            Assert.Null(backend.BackgroundTuner.Problem);
            Assert.Equal(0, backend.BackgroundTuner.Leaked);
            Assert.Equal(Start, backend.MatrixKernels.Tiles);
            Assert.Equal([Start, Other, Third], _steps.Select(step => new[] { Start, Other, Third }.Single(t => t.Describe() == step.Description)));
            Assert.All(_steps, step => Assert.True(step.Problem == null && step.FlopsPerSecond > 0, step.Problem));
            Assert.Null(backend.MatrixKernels.Store!.ReadProgress(backend.MatrixKernels.Key));
        }
        using OpenClBackend next = Open(Long, Pace(Other));
        Assert.True(next.MatrixKernels.Tuned);
        Assert.Null(next.BackgroundTuner);
        Assert.False(OpenClTuner.IsFirstUse(next));
    }

    [Fact]
    public void TheBudgetCountsOverAllStartsAndNothingIsTriedTwice()
    {
        // The first start ends while a candidate is tried.
        BackgroundPace slow = Pace(Other, Third) with { Duty = 0.5 };
        TuningProgress progress;
        using (OpenClBackend backend = Open(Long, slow))
        {
            using var network = new Network(backend, Spec);
            WaitFor(() => backend.MatrixKernels.Store!.ReadProgress(backend.MatrixKernels.Key) is { Tried.Count: 2 });
            backend.Dispose();
            Assert.False(backend.BackgroundTuner!.IsRunning);
            Assert.Equal(0, backend.BackgroundTuner.Leaked);
            Assert.Null(backend.BackgroundTuner.Problem);
            Assert.False(backend.MatrixKernels.IsKept);
            progress = backend.MatrixKernels.Store!.ReadProgress(backend.MatrixKernels.Key)!;
        }
        Assert.True(progress.Seconds > 0);
        // What it was at was not its end; it is tried again.
        Assert.Equal([Other.CompileOptions], progress.Tried);

        // The second one goes on, is ended by what no program survives, and has noted what it was at.
        _steps.Clear();
        using (OpenClBackend backend = Open(Long, slow))
        {
            using var network = new Network(backend, Spec);
            WaitFor(() => _steps.Count >= 1 && backend.MatrixKernels.Store!.ReadProgress(backend.MatrixKernels.Key) is { Tried.Count: 2 });
            TuningProgress noted = backend.MatrixKernels.Store!.ReadProgress(backend.MatrixKernels.Key)!;
            Assert.Equal([Other.CompileOptions, Third.CompileOptions], noted.Tried.Order().Reverse());
            Assert.True(noted.Seconds > progress.Seconds);
            Assert.DoesNotContain(_steps, step => step.Description == Other.Describe() && step.Tried > 2);
            backend.Dispose();
            backend.MatrixKernels.Store.WriteProgress(backend.MatrixKernels.Key, noted with { Best = Third.CompileOptions });
            progress = noted;
        }

        // The third one has no budget left: it tries nothing and keeps the best.
        _steps.Clear();
        using (OpenClBackend backend = Open(TimeSpan.FromSeconds(progress.Seconds / 2), slow))
        {
            using var network = new Network(backend, Spec);
            Assert.True(backend.BackgroundTuner!.Join(Enough));
            Assert.Empty(_steps);
            Assert.Equal(Third.CompileOptions, backend.MatrixKernels.Store!.Read(backend.MatrixKernels.Key));
        }
    }

    [Fact]
    public void ABrokenCandidateHarmsNobodyAndTheNextOneIsTried()
    {
        var counting = new FaultInjection(0, 0);
        using (OpenClBackend backend = Open(Long, Pace() with { Fault = counting }))
        using (new Network(backend, Spec)) Assert.True(backend.BackgroundTuner!.Join(Enough));
        File.Delete(Directory.GetFiles(Path.Combine(_folder, "tuning")).Single());
        _steps.Clear();

        const int OutOfResources = -5;
        using (OpenClBackend backend = Open(Long, Pace(Other, Third) with { Fault = new FaultInjection(counting.Given + 5, OutOfResources) }))
        using (var network = new Network(backend, Spec))
        {
            float[] first = network.Answer();
            while (!backend.BackgroundTuner!.Join(TimeSpan.FromMilliseconds(20))) Assert.Equal(first, network.Answer());
            Assert.Equal(first, network.Answer());
            Assert.Null(backend.Queue.Failure);
            Assert.Null(backend.BackgroundTuner.Problem);
            // What was half made when the command failed.
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Assert.Equal(0, backend.BackgroundTuner.Leaked);
            Assert.Equal(3, _steps.Count);
            Assert.Contains("CL_OUT_OF_RESOURCES", _steps[1].Problem, StringComparison.Ordinal);
            Assert.Null(_steps[2].Problem);
            Assert.True(backend.MatrixKernels.IsKept);
        }
    }

    [Fact]
    public void WhatASingleCandidateBreaksInTheForegroundIsThatCandidateAlone()
    {
        var fault = new FaultInjection(3, -5);
        using OpenClBackend backend = Open(TimeSpan.Zero, Pace() with { Fault = fault });
        var trials = new TuningTrials(backend, new TuningWorkload(1));
        Assert.Contains("CL_OUT_OF_RESOURCES", trials.Measure(kernels => kernels.Tiles = Start).Problem, StringComparison.Ordinal);
        Assert.Null(trials.Measure(kernels => kernels.Tiles = Start).Problem);
        trials.Dispose();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.Equal(0, trials.Leaked);
        using var network = new Network(backend, Spec);
        network.Answer();
    }

    [Fact]
    public void ItStopsAtOnceWhileItWaits()
    {
        OpenClBackend backend = Open(Long, Pace(Other) with { Quiet = TimeSpan.FromHours(1) });
        using (new Network(backend, Spec)) Assert.True(backend.BackgroundTuner!.IsRunning);
        backend.Dispose();
        Assert.False(backend.BackgroundTuner!.IsRunning);
        Assert.Empty(_steps);
    }

    [Fact]
    public void AWinnerOfSomebodyElseEndsIt()
    {
        using OpenClBackend backend = Open(Long, Pace(Other, Third) with { Quiet = TimeSpan.FromHours(1) });
        using var network = new Network(backend, Spec);
        backend.MatrixKernels.Store!.Write(backend.MatrixKernels.Key, Third.CompileOptions, 1);
        backend.Dispose();
        using OpenClBackend other = Open(Long, Pace(Other, Third));
        Assert.Null(other.BackgroundTuner);
        Assert.Equal(Third.CompileOptions, other.MatrixKernels.Store!.Read(other.MatrixKernels.Key));
    }

    [Fact]
    public void ItIsForGraphicsCardsThatNobodyTunedAndNetworksInUse()
    {
        using (OpenClBackend off = Open(TimeSpan.Zero, Pace())) Assert.Null(off.BackgroundTuner);
        using (var cpu = new OpenClBackend(parity.Device.Device, new OpenClOptions { CacheFolder = _folder, BackgroundTuning = Long }))
            Assert.Equal(cpu.UsesCpuKernels, cpu.BackgroundTuner == null);
        using OpenClBackend backend = Open(Long, Pace());
        using (new Network(backend, Spec with { FrozenWeights = false })) Assert.False(backend.BackgroundTuner!.IsRunning);
        // A network whose memory is worked out is none in use.
        using (var rehearsal = backend.BeginRehearsal()) rehearsal.Prepare(Spec).Dispose();
        Assert.False(backend.BackgroundTuner!.IsRunning);
    }

    [Fact]
    public void WhereNothingCanBeKeptNothingIsTried()
    {
        string file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        using var backend = new OpenClBackend(parity.Device.Device, new OpenClOptions { CacheFolder = file, AsGpu = true, BackgroundTuning = Long, BackgroundPace = Pace(Other) });
        using var network = new Network(backend, Spec);
        Assert.True(backend.BackgroundTuner!.Join(Enough));
        Assert.Empty(_steps);
    }

    [Fact]
    public void AFullDeviceIsLeftAlone()
    {
        using OpenClBackend backend = Open(Long, Pace(Other) with { MostMemory = 0 });
        using var network = new Network(backend, Spec);
        Assert.False(backend.BackgroundTuner!.Join(TimeSpan.FromMilliseconds(300)));
        Assert.Empty(_steps);
    }

    [Fact]
    public void BrokenProgressCountsAsNone()
    {
        var store = new TuningStore(_folder);
        var written = new TuningProgress(1.5, "-D X=1", ["-D X=1", "-D X=2"]);
        Assert.True(store.WriteProgress("key", written));
        string path = Assert.Single(Directory.GetFiles(Path.Combine(_folder, "tuning")));
        TuningProgress read = store.ReadProgress("key")!;
        Assert.Equal((1.5, "-D X=1"), (read.Seconds, read.Best));
        Assert.Equal(written.Tried, read.Tried);
        Assert.Null(store.Read("key"));
        byte[] whole = File.ReadAllBytes(path);
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.Null(store.ReadProgress("key"));
        }
        store.WriteProgress("key", written with { Best = null });
        Assert.Null(store.ReadProgress("key")!.Best);
        store.Write("key", "-D X=2", 1);
        Assert.Null(store.ReadProgress("key"));
        Assert.Equal("-D X=2", store.Read("key"));
    }

    private BackgroundPace Pace(params TileTuning[] candidates) => new()
    {
        Quiet = TimeSpan.Zero,
        Duty = 1,
        Batch = 1,
        Rounds = [_ => candidates],
        Progress = step => _steps.Add(step),
    };

    private OpenClBackend Open(TimeSpan budget, BackgroundPace pace)
    {
        var backend = new OpenClBackend(parity.Device.Device, new OpenClOptions { CacheFolder = _folder, AsGpu = true, BackgroundTuning = budget, BackgroundPace = pace });
        // Small tiles compile faster.
        if (!backend.MatrixKernels.Tuned) backend.MatrixKernels.Tiles = Start;
        return backend;
    }

    private static void WaitFor(Func<bool> condition)
    {
        var waited = System.Diagnostics.Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(waited.Elapsed < Enough, "it never happened");
            Thread.Sleep(1);
        }
    }

    /// <summary>A network of one convolution.</summary>
    private sealed class Network : IDisposable
    {
        private readonly IConvolution _convolution;
        private readonly DeviceBuffer _input, _weights, _output;

        public Network(OpenClBackend backend, ConvolutionSpec spec)
        {
            _convolution = backend.Prepare(spec);
            _input = backend.Allocate(spec.Batch * spec.InChannels * spec.InHeight * spec.InWidth);
            _weights = backend.Allocate(spec.OutChannels * spec.InChannels * spec.KernelHeight * spec.KernelWidth);
            _output = backend.Allocate(spec.Batch * spec.OutChannels * spec.OutHeight * spec.OutWidth);
            Fill(_input);
            Fill(_weights);
        }

        public float[] Answer()
        {
            _convolution.Forward(_input, _weights, null, _output);
            return _output.Read().ToArray();
        }

        public void Dispose()
        {
            _output.Dispose();
            _weights.Dispose();
            _input.Dispose();
            _convolution.Dispose();
        }

        private static void Fill(DeviceBuffer buffer)
        {
            var random = new Random(buffer.Count);
            Span<float> values = buffer.Write();
            for (int i = 0; i < values.Length; i++) values[i] = random.NextSingle() - 0.5f;
        }
    }
}
