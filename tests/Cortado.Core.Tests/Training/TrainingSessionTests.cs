using Cortado.Backends;
using Cortado.Solvers;
using Cortado.Tests.Solvers;
using Cortado.Training;

namespace Cortado.Tests.Training;

public class TrainingSessionTests
{
    private const string Endless = "base_lr: 0.001 lr_policy: 'fixed' max_iter: 100000000 display: 0 test_interval: 1000000";

    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    [Fact]
    public void RunsToItsEndAndKeepsItsCurves()
    {
        using var folder = new TempFolder();
        using IBackend backend = TestBackend.Create();
        using var session = new TrainingSession(SmallTraining.Parameter(folder, "base_lr: 0.01 lr_policy: 'step' stepsize: 4 gamma: 0.1 max_iter: 10"), SmallTraining.Options(backend));
        var states = new List<TrainingState>();
        session.StateChanged += s => states.Add(s.State);
        session.Start();
        Assert.True(session.Wait(Long));
        Assert.Equal([TrainingState.Preparing, TrainingState.Running, TrainingState.Finished], states);
        Assert.Equal(10, session.Progress.Iteration);
        Assert.Equal(1, session.Progress.Share);
        Assert.Equal(10, session.History.Count);
        Assert.Equal([0, 4, 8], session.History.LearningRates().Select(point => point.Iteration));
        Assert.Equal([0, 5, 10], session.History.Tests().Select(point => point.Iteration));
        Assert.Equal(10, session.LastSnapshot!.Iteration);
    }

    [Fact]
    public void PausesSavesGoesOnAndStops()
    {
        using var folder = new TempFolder();
        using IBackend backend = TestBackend.Create();
        using var session = new TrainingSession(SmallTraining.Parameter(folder, Endless), SmallTraining.Options(backend));
        session.Start();
        Until(() => session.Progress.Iteration > 3);
        session.Pause();
        Until(() => session.State == TrainingState.Paused);
        int paused = session.Progress.Iteration;
        Thread.Sleep(50);
        Assert.Equal(paused, session.Progress.Iteration);
        session.RequestSnapshot();
        Until(() => session.LastSnapshot != null);
        Assert.Equal(paused, session.LastSnapshot!.Iteration);
        session.Resume();
        Until(() => session.Progress.Iteration > paused + 2);
        session.Pause();
        Until(() => session.State == TrainingState.Paused);
        session.Stop(snapshot: false);
        Assert.True(session.Wait(Long));
        Assert.Equal(TrainingState.Stopped, session.State);
        Assert.Equal(paused, session.LastSnapshot.Iteration);
    }

    [Fact]
    public void CancellingSavesASnapshot()
    {
        using var folder = new TempFolder();
        using IBackend backend = TestBackend.Create();
        using var session = new TrainingSession(SmallTraining.Parameter(folder, Endless), SmallTraining.Options(backend));
        using var cancellation = new CancellationTokenSource();
        session.Start(cancellation.Token);
        Until(() => session.Progress.Iteration > 3);
        cancellation.Cancel();
        Assert.True(session.Wait(Long));
        Assert.Equal(TrainingState.Stopped, session.State);
        Assert.Equal(session.Progress.Iteration, session.LastSnapshot!.Iteration);
        Assert.True(File.Exists(session.LastSnapshot.State));
    }

    [Fact]
    public void AnErrorEndsItAndIsKept()
    {
        using var folder = new TempFolder();
        using IBackend backend = TestBackend.Create();
        using var session = new TrainingSession(SmallTraining.Parameter(folder, "lr_policy: 'stairs'"), SmallTraining.Options(backend));
        session.Start();
        Assert.True(session.Wait(Long));
        Assert.Equal(TrainingState.Failed, session.State);
        Assert.Contains("stairs", Assert.IsType<CortadoException>(session.Error).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DisposingEndsARunningTraining()
    {
        using var folder = new TempFolder();
        using IBackend backend = TestBackend.Create();
        var session = new TrainingSession(SmallTraining.Parameter(folder, Endless), SmallTraining.Options(backend));
        session.Start();
        Until(() => session.Progress.Iteration > 0);
        session.Dispose();
        Assert.Equal(TrainingState.Stopped, session.State);
        Assert.Null(session.LastSnapshot);
    }

    private static void Until(Func<bool> met)
    {
        DateTime end = DateTime.UtcNow + Long;
        while (!met())
        {
            Assert.True(DateTime.UtcNow < end, "waited in vain");
            Thread.Sleep(1);
        }
    }
}
