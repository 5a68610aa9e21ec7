using Cortado.Backends.Cpu;
using Cortado.Formats;
using Cortado.Lmdb;
using Cortado.Tests.Solvers;
using Cortado.Training;

namespace Cortado.Tests.Training;

public sealed class TrainingJobTests : IDisposable
{
    private const string Settings = "base_lr: 0.05 momentum: 0.9 lr_policy: 'step' gamma: 0.5 stepsize: 40 display: 0 ";

    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    private readonly TempFolder _folder = new();
    private int _opened, _closed;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void InterruptedAgainAndAgainItRepeatsTheUninterruptedTrainingToTheBit()
    {
        TrainingRequest request = Request("max_iter: 150 test_interval: 7 snapshot: 50");
        using (TrainingJob whole = Start(request with { Folder = _folder.File("whole") })) Ended(whole, TrainingState.Finished);
        (float[] losses, TestPoint[] tests) = Curves(Job(request with { Folder = _folder.File("whole") }), "whole");

        TrainingRequest? next = request with { Folder = _folder.File("parts") };
        int interruptions = 0;
        TrainingJob? last = null;
        while (next != null)
        {
            last?.Dispose();
            last = Start(next);
            int begun = last.History.Count;
            Until(() => !last.IsActive || last.Progress.Iteration > begun + 20);
            next = last.Suspend(Long);
            if (next != null) interruptions++;
        }
        Ended(last!, TrainingState.Finished);
        Assert.InRange(interruptions, 2, 149);
        Assert.Equal(losses, Losses(last!.History));
        Assert.Equal(tests, last.History.Tests());
        Assert.Equal(File.ReadAllBytes(_folder.File("whole/snapshot_iter_150.caffemodel")), File.ReadAllBytes(_folder.File("parts/snapshot_iter_150.caffemodel")));
        last.Dispose();
        Assert.Equal(_opened, _closed);
    }

    [Fact]
    public void SuspendedBeforeItsFirstIterationItBeginsAnewWithTheSameNumbers()
    {
        using TrainingJob job = Job(Request("max_iter: 20"));
        TrainingRequest? next = job.Suspend(Long);
        Assert.Null(next!.Checkpoint);
        using TrainingJob again = Start(next);
        Ended(again, TrainingState.Finished);
        Assert.Equal(20, again.History.Count);
    }

    [Fact]
    public void APausedOneGoesOnPausedAndDoesNothing()
    {
        using TrainingJob job = Start(Request("max_iter: 100000000 test_interval: 1000000"));
        Until(() => job.Progress.Iteration > 3);
        job.Pause();
        Until(() => job.State == TrainingState.Paused);
        int iteration = job.Progress.Iteration;
        TrainingRequest? next = job.Suspend(Long);
        using TrainingJob again = Job(next!);
        int opened = _opened;
        again.Start(paused: true);
        Thread.Sleep(30);
        Assert.Equal(TrainingState.Paused, again.State);
        Assert.Equal(opened, _opened);
        again.Resume();
        Until(() => again.Progress.Iteration > iteration + 2);
        // The curves of before are there, without a gap.
        Assert.True(again.History.FirstIteration == 0 && again.History.Count > iteration);
        again.Stop();
        Ended(again, TrainingState.Stopped);
        Assert.NotEmpty(SnapshotCatalog.Of(again.Request.SnapshotPrefix));
    }

    [Fact]
    public void AskedToStopItIsNotSuspended()
    {
        using TrainingJob job = Start(Request("max_iter: 100000000 test_interval: 1000000"));
        Until(() => job.Progress.Iteration > 3);
        job.Stop();
        Assert.Null(job.Suspend(Long));
        Ended(job, TrainingState.Stopped);
        Assert.Equal(job.Progress.Iteration, Assert.Single(SnapshotCatalog.Of(job.Request.SnapshotPrefix)).Iteration);
    }

    [Fact]
    public void SuspendingWaitsNoLongerThanItMay()
    {
        using var open = new ManualResetEventSlim();
        using var opening = new ManualResetEventSlim();
        TrainingRequest request = Request("max_iter: 5");
        using var job = new TrainingJob(request, key =>
        {
            opening.Set();
            open.Wait();
            return Open(key);
        }, new LmdbProvider());
        job.Start();
        Assert.True(opening.Wait(Long));
        Assert.Equal(request, job.Suspend(TimeSpan.FromMilliseconds(20)));
        Assert.False(job.Wait(TimeSpan.Zero));
        open.Set();
        Ended(job, TrainingState.Stopped);
        Assert.Equal(0, job.History.Count);
    }

    [Fact]
    public void ADeviceThatCannotBeOpenedIsTheProblem()
    {
        using var job = new TrainingJob(Request("max_iter: 5"), key => throw new CortadoException($"There is no device {key}."), new LmdbProvider());
        job.Start();
        Ended(job, TrainingState.Failed);
        Assert.Equal("There is no device cpu.", job.Problem);
    }

    [Fact]
    public void ALossThatIsNotFiniteStopsItAndIsAFinding()
    {
        using TrainingJob job = Start(Request("max_iter: 100", "base_lr: 1e30 lr_policy: 'fixed' display: 0 "));
        Ended(job, TrainingState.Diverged);
        Assert.Contains(job.Findings, finding => finding.Rule == "non-finite");
        Assert.NotNull(job.Problem);
    }

    private TrainingRequest Request(string settings, string common = Settings)
    {
        string solver = _folder.File("solver.prototxt");
        File.WriteAllText(solver, Prototxt.Print(SmallTraining.Parameter(_folder, common + settings)));
        return new TrainingRequest(solver, _folder.File("job")) { Device = "cpu" };
    }

    private TrainingJob Job(TrainingRequest request) => new(request, Open, new LmdbProvider());

    private TrainingJob Start(TrainingRequest request)
    {
        TrainingJob job = Job(request);
        job.Start();
        return job;
    }

    private OpenedDevice Open(string key)
    {
        Interlocked.Increment(ref _opened);
        return new OpenedDevice(new Counted(new CpuBackend(2), () => Interlocked.Increment(ref _closed)), "cpu", "asked for");
    }

    private (float[] Losses, TestPoint[] Tests) Curves(TrainingJob like, string folder)
    {
        // The uninterrupted training once more: what it computes must not hang on anything but its request.
        like.Start();
        Ended(like, TrainingState.Finished);
        (float[], TestPoint[]) curves = (Losses(like.History), like.History.Tests());
        like.Dispose();
        Assert.True(Directory.Exists(_folder.File(folder)));
        return curves;
    }

    private static float[] Losses(TrainingHistory history)
    {
        var losses = new float[history.Count];
        Assert.Equal(losses.Length, history.CopyLosses(0, losses));
        return losses;
    }

    private static void Ended(TrainingJob job, TrainingState state)
    {
        Assert.True(job.Wait(Long), "it did not end");
        Assert.True(state == job.State, $"{job.State}: {job.Problem}");
    }

    private static void Until(Func<bool> met) => Assert.True(SpinWait.SpinUntil(() => { Thread.Sleep(1); return met(); }, Long), "waited in vain");

    private sealed class Counted(CpuBackend backend, Action closed) : Cortado.Backends.IBackend
    {
        public string Name => backend.Name;

        public string Description => backend.Description;

        public Tensors.DeviceBuffer Allocate(int count) => backend.Allocate(count);

        public void Synchronize() => backend.Synchronize();

        public TOperator Prepare<TOperator>(Cortado.Backends.OperatorSpec<TOperator> spec) where TOperator : class, Cortado.Backends.IOperator => backend.Prepare(spec);

        public void Dispose()
        {
            backend.Dispose();
            closed();
        }
    }
}
