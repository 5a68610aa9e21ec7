using Cortado.OpenCL;
using Cortado.OpenCL.Operators;
using Cortado.OpenCL.Runtime;

namespace Cortado.Tests;

/// <summary>Tuning and what it keeps on disk.</summary>
[Collection(nameof(ParityCollection))]
public sealed class TunerTests(Parity parity) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cortado-tuning-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void AWinnerIsFoundAgain()
    {
        var store = new TuningStore(_folder);
        Assert.Null(store.Read("key"));
        Assert.NotNull(store.Write("key", "-D X=1", 1e9));
        Assert.Equal("-D X=1", store.Read("key"));
        Assert.Null(store.Read("another key"));
        store.Write("key", "-D X=2", 2e9);
        Assert.Equal("-D X=2", new TuningStore(_folder).Read("key"));
        Assert.Single(Directory.GetFiles(Path.Combine(_folder, "tuning")));
    }

    [Fact]
    public void ABrokenFileCountsAsNone()
    {
        var store = new TuningStore(_folder);
        string path = store.Write("key", "-D X=1", 1e9)!;
        byte[] whole = File.ReadAllBytes(path);
        for (int length = 0; length < whole.Length - sizeof(double) - 1; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.Null(store.Read("key"));
        }
        for (int i = 0; i < 200; i++)
        {
            byte[] broken = new byte[i];
            new Random(i).NextBytes(broken);
            File.WriteAllBytes(path, broken);
            Assert.Null(store.Read("key"));
        }
        File.Copy(store.Write("other", "-D X=3", 1e9)!, path, overwrite: true);
        Assert.Null(store.Read("key"));
    }

    [Fact]
    public void AFolderThatCannotBeIsNoStore()
    {
        string file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        var store = new TuningStore(file);
        Assert.Null(store.Write("key", "-D X=1", 1e9));
        Assert.Null(store.Read("key"));
    }

    [Fact]
    public void ABackendUsesItsDevicesWinner()
    {
        OpenClDevice device = parity.Device.Device;
        using var untuned = new OpenClBackend(device, new OpenClOptions { CacheFolder = _folder });
        Assert.False(untuned.MatrixKernels.Tuned);
        PanelTuning winner = untuned.MatrixKernels.Panels with { Depth = 208, Block = 40960 };
        untuned.MatrixKernels.Store!.Write(untuned.MatrixKernels.Key, winner.CompileOptions, 1e9);
        using var tuned = new OpenClBackend(device, new OpenClOptions { CacheFolder = _folder });
        Assert.True(tuned.MatrixKernels.Tuned);
        Assert.Equal(winner, tuned.MatrixKernels.Panels);

        // What the device cannot run is passed over.
        untuned.MatrixKernels.Store!.Write(untuned.MatrixKernels.Key, (winner with { Width = 3 }).CompileOptions, 1e9);
        using var defaults = new OpenClBackend(device, new OpenClOptions { CacheFolder = _folder });
        Assert.False(defaults.MatrixKernels.Tuned);
        Assert.Equal(untuned.MatrixKernels.Panels, defaults.MatrixKernels.Panels);
    }

    [Fact]
    public void TuningKeepsTheFastestAndStopsWhenAsked()
    {
        using var backend = new OpenClBackend(parity.Device.Device, new OpenClOptions { CacheFolder = _folder });
        Assert.SkipUnless(backend.UsesCpuKernels, "tuning a graphics card takes minutes");
        PanelTuning before = backend.MatrixKernels.Panels;
        var steps = new List<OpenClTuningStep>();
        using var cancel = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => OpenClTuner.Tune(backend, new TuningWorkload(1), null, step =>
        {
            steps.Add(step);
            if (steps.Count == 2) cancel.Cancel();
        }, cancel.Token));
        Assert.Equal(2, steps.Count);
        Assert.All(steps, step => Assert.True(step.Problem == null && step.FlopsPerSecond > 0, step.Problem));
        Assert.True(steps[0].IsBest);
        Assert.Equal(steps[1].IsBest, before != backend.MatrixKernels.Panels);
        Assert.False(Directory.Exists(Path.Combine(_folder, "tuning")));
    }

    [Fact]
    public void TheFastestThatComputesRightWins()
    {
        // Fast and wrong, slow and right, right and a little faster than what was in use, no better than noise.
        var speeds = new Dictionary<int, (double, string?)> { [0] = (100, null), [1] = (900, "wrong"), [2] = (50, null), [3] = (140, null), [4] = (141, null), [5] = (300, null) };
        var measured = new List<int>();
        TuningSearch<int> Search() => new(0, [_ => [1, 2, 3, 9], best => [best + 1]], candidate => candidate != 9, candidate =>
        {
            measured.Add(candidate);
            return speeds[candidate];
        });
        TuningSearch<int> search = Search();
        var steps = new List<TuningSearch<int>.Step>();
        search.Run(null, steps.Add, CancellationToken.None);
        Assert.Equal((3, 140.0, 100.0, true), (search.Best, search.BestFlops, search.StartFlops, search.Complete));
        Assert.Equal([0, 1, 2, 3, 4], steps.Select(step => step.Candidate));
        Assert.Equal([true, false, false, true, false], steps.Select(step => step.IsBest));
        Assert.DoesNotContain(9, measured);

        // A machine that was busy when what was in use was measured first.
        int measurements = 0;
        var busy = new TuningSearch<int>(0, [_ => [1]], _ => true, candidate => (candidate == 1 ? 101 : ++measurements > 5 ? 100 : 20, null));
        busy.Run(null, null, CancellationToken.None);
        Assert.Equal((0, 100.0, 100.0), (busy.Best, busy.BestFlops, busy.StartFlops));

        // No time at all: what was in use stays.
        search = Search();
        search.Run(TimeSpan.Zero, null, CancellationToken.None);
        Assert.Equal((0, 100.0, false), (search.Best, search.BestFlops, search.Complete));

        // What is in use computes wrong: nothing can be told.
        speeds[0] = (100, "wrong");
        search = Search();
        search.Run(null, null, CancellationToken.None);
        Assert.Equal(0, search.BestFlops);
    }

    /// <summary>As <c>cortado tune</c> does: what was found by then is kept.</summary>
    [Fact]
    public void AStoppedTuningKeepsItsBest()
    {
        using var backend = new OpenClBackend(parity.Device.Device, new OpenClOptions { CacheFolder = _folder, AsGpu = true });
        backend.MatrixKernels.Tiles = new TileTuning(16, 16, 8, 4, 4, 4, 1);
        using var cancel = new CancellationTokenSource();
        int steps = 0;
        var tuning = new DeviceTuning<TileTuning>(backend, backend.MatrixKernels.Tiles, (kernels, numbers) => kernels.Tiles = numbers, TileCandidates.Rounds);
        OpenClTuningResult result = tuning.RunOrAbandon(() => new TuningWorkload(1), null, TimeSpan.FromMinutes(3), _ =>
        {
            if (++steps == 2) cancel.Cancel();
        }, cancel.Token);
        Assert.Equal(2, steps);
        Assert.False(result.Complete || result.Abandoned);
        Assert.Equal(backend.MatrixKernels.Tiles.CompileOptions, backend.MatrixKernels.Store!.Read(backend.MatrixKernels.Key));
        Assert.Equal(result.Path, Assert.Single(Directory.GetFiles(Path.Combine(_folder, "tuning"))));
        Assert.True(result.FlopsPerSecond > 0);
    }

    [Fact]
    public void NoCandidateIsBegunThatWouldEndTooLate()
    {
        double now = 0;
        var measured = new List<int>();
        TuningSearch<int> Search(IEnumerable<int> tried, int? contender) => new(0, [_ => [1, 2, 3, 4]], _ => true, candidate =>
        {
            measured.Add(candidate);
            now += 10;
            return (100 - candidate, null);
        })
        {
            Spent = () => now,
            TriedBefore = tried,
            Contender = contender,
        };
        // What is in use until 10, the first candidate until 20, the second until 30; the third would be done at 40.
        TuningSearch<int> search = Search([], null);
        search.Run(TimeSpan.FromSeconds(39), null, CancellationToken.None);
        Assert.Equal([0, 1, 2], measured);
        Assert.False(search.Complete);

        // The next start leaves out what was tried, but for the best of it.
        now = 0;
        measured.Clear();
        search = Search([1, 2, 3], 3);
        search.Run(null, null, CancellationToken.None);
        Assert.Equal([0, 3, 4], measured);
        Assert.True(search.Complete);
    }

    [Fact]
    public void WhatLosesPrecisionIsRefused()
    {
        foreach (OpenClBackend backend in new[] { parity.Device, parity.AsGpu })
        {
            (double flops, string? problem) = Measured(backend, new TuningWorkload(1));
            Assert.True(problem == null && flops > 0, problem);
            (flops, problem) = Measured(backend, new TuningWorkload(1, tolerance: 1e-9));
            Assert.Equal(0, flops);
            Assert.Matches("^wrong: .* differs by [0-9.E-]+ of its largest value$", problem);
        }

        static (double FlopsPerSecond, string? Problem) Measured(OpenClBackend backend, TuningWorkload work)
        {
            using var run = new TuningRun(backend, work);
            return work.Measure(backend, run, null);
        }
    }

    /// <summary>To its end, with the candidates of a graphics card cut down to few.</summary>
    [Fact]
    public void AWinnerIsKeptAndUsedFromThenOn()
    {
        using var backend = new OpenClBackend(parity.Device.Device, new OpenClOptions { CacheFolder = _folder, AsGpu = true });
        Assert.True(OpenClTuner.IsFirstUse(backend));
        OpenClTuningResult result = OpenClTuner.Tune(backend, new TuningWorkload(1), TimeSpan.FromSeconds(1), null, CancellationToken.None);
        Assert.False(result.Complete);
        Assert.Equal(result.Path, Assert.Single(Directory.GetFiles(Path.Combine(_folder, "tuning"))));
        Assert.Equal(backend.MatrixKernels.Tiles.CompileOptions, backend.MatrixKernels.Store!.Read(backend.MatrixKernels.Key));
        Assert.Equal(result.Description, backend.MatrixKernels.Tiles.Describe());
        using var next = new OpenClBackend(parity.Device.Device, new OpenClOptions { CacheFolder = _folder, AsGpu = true });
        Assert.True(next.MatrixKernels.Tuned);
        Assert.Equal(backend.MatrixKernels.Tiles, next.MatrixKernels.Tiles);
        Assert.False(OpenClTuner.IsFirstUse(next));
        Assert.Null(OpenClTuner.TuneAtFirstUse(next, TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void NothingIsTunedAtFirstUseWhereNothingCanBeKept()
    {
        string file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        using var backend = new OpenClBackend(parity.Device.Device, new OpenClOptions { CacheFolder = file, AsGpu = true });
        Assert.Null(OpenClTuner.TuneAtFirstUse(backend, TimeSpan.FromSeconds(1)));
        using var cpu = new OpenClBackend(parity.Device.Device, new OpenClOptions { CacheFolder = _folder });
        if (cpu.UsesCpuKernels) Assert.False(OpenClTuner.IsFirstUse(cpu));
    }

    [Fact]
    public void ManyWritersAndReadersNeverSeeHalfAFile()
    {
        string[] winners = Enumerable.Range(0, 8).Select(i => "-D X=" + new string((char)('a' + i), 50 + 700 * i)).ToArray();
        new TuningStore(_folder).Write("key", winners[0], 1);
        Parallel.For(0, 8, i =>
        {
            var store = new TuningStore(_folder);
            for (int j = 0; j < 40; j++)
            {
                store.Write("key", winners[i], i);
                // On Windows a file that is being replaced may not open; then it counts as none.
                if (store.Read("key") is { } found) Assert.Contains(found, winners);
                else Assert.True(OperatingSystem.IsWindows());
            }
        });
        Assert.Single(Directory.GetFiles(Path.Combine(_folder, "tuning")));
    }

    /// <summary>As drivers name them.</summary>
    [Theory]
    [InlineData("Tesla V100-SXM2-16GB", "NVIDIA Corporation", 64, 32)]
    [InlineData("NVIDIA A100-SXM4-40GB", "NVIDIA Corporation", 32, 64)]
    [InlineData("NVIDIA GeForce RTX 3080", "NVIDIA Corporation", 64, 128)]
    [InlineData("NVIDIA GeForce RTX 4090", "NVIDIA Corporation", 128, 64)]
    [InlineData("NVIDIA GeForce GTX 1060 6GB", "NVIDIA Corporation", 64, 64)]
    [InlineData("gfx1030", "Advanced Micro Devices, Inc.", 64, 64)]
    [InlineData("Ellesmere", "Advanced Micro Devices, Inc.", 64, 64)]
    [InlineData("Intel(R) Arc(TM) A770 Graphics", "Intel(R) Corporation", 64, 64)]
    [InlineData("Intel(R) UHD Graphics 630", "Intel(R) Corporation", 32, 32)]
    [InlineData("Apple M1", "Apple", 32, 32)]
    [InlineData("Mali-G78", "ARM", 32, 32)]
    [InlineData("QUALCOMM Adreno(TM)", "QUALCOMM", 32, 32)]
    [InlineData("something new", "somebody", 64, 64)]
    public void TheTableKnowsDevicesByName(string device, string vendor, int tileM, int tileN)
    {
        TileTuning[] found = TileTuning.Of(device, vendor).ToArray();
        Assert.Equal((tileM, tileN), (found[0].TileM, found[0].TileN));
        // However small a device is, something is left that it can run.
        Assert.True(found[^1].Threads <= 16);
    }

    [Fact]
    public void DefaultsOfEveryFamilyRun()
    {
        Assert.Null(TileTuning.Default(parity.AsGpu.Device).Problem(parity.AsGpu.Device));
        Assert.Null(PanelTuning.Default(parity.Device.Device).Problem(parity.Device.Device));
    }
}
