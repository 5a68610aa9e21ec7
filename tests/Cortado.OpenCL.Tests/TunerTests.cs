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
        Assert.Throws<OperationCanceledException>(() => OpenClTuner.Tune(backend, new TuningWorkload(1), step =>
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
    public void DefaultsOfEveryFamilyRun()
    {
        Assert.Null(TileTuning.Default(parity.AsGpu.Device).Problem(parity.AsGpu.Device));
        Assert.Null(PanelTuning.Default(parity.Device.Device).Problem(parity.Device.Device));
    }
}
