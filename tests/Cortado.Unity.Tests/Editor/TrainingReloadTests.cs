using Cortado.OpenCL;
using Cortado.Training;
using Cortado.Unity.Editor;
using UnityDoubles;
using UnityEditor;
using UnityEngine.UIElements;

namespace Cortado.Unity.Tests.Editor;

/// <summary>A training outlives what happens to scripts and windows.</summary>
public sealed class TrainingReloadTests
{
    private const int Iterations = 400;

    [Fact]
    public void RecompilingScriptsChangesNoBitOfWhatItLearns()
    {
        using var project = new EditorProject();
        project.Choose("LeNet", Iterations);
        TrainingWindowTests.UntilChecked(project);
        project.Click("train");
        project.UntilEnded(TrainingState.Finished);
        float[] losses = EditorProject.Losses(EditorProject.Training.History);
        TestPoint[] tests = EditorProject.Training.History.Tests();
        byte[] weights = File.ReadAllBytes(EditorProject.Training.Snapshots[0].Model);

        project.Click("train");
        int reloads = 0;
        for (int wait = 20; wait < Iterations; wait += 60)
        {
            project.Until(() => !EditorProject.Training.IsActive || EditorProject.Training.Progress.Iteration > wait, "some iterations");
            if (!EditorProject.Training.IsActive) break;
            project.Loop.ReloadDomain();
            // It may have ended just before.
            if (!EditorProject.Training.IsActive) break;
            reloads++;
            project.Until(() => EditorProject.Training.State == TrainingState.Running || !EditorProject.Training.IsActive, "its going on");
        }
        project.UntilEnded(TrainingState.Finished);
        Assert.InRange(reloads, 2, 7);
        Assert.Equal(losses, EditorProject.Losses(EditorProject.Training.History));
        Assert.Equal(tests, EditorProject.Training.History.Tests());
        Assert.Equal(weights, File.ReadAllBytes(EditorProject.Training.Snapshots[0].Model));
        Assert.Empty(project.Loop.Log.Errors);
        Assert.Empty(project.Loop.Log.Warnings);
        // The window was rebuilt each time and shows the end.
        project.Settle();
        Assert.Equal("Finished", project.Get<Label>("state").text);
    }

    [Fact]
    public void OnAnOpenClDeviceTooItGoesOnWhereItStood()
    {
        OpenClPlatforms platforms = OpenClPlatforms.Discover();
        OpenClDevice? device = platforms.Devices.FirstOrDefault(candidate => candidate.Problem == null);
        if (device == null) Assert.Skip(platforms.Problem ?? "No OpenCL device here can be used.");
        using var project = new EditorProject();
        TrainingWindow.Open();
        project.Until(() => project.Get<DropdownField>("device").choices.Any(choice => choice.Contains(device.Key, StringComparison.Ordinal)), "the device");
        project.Choose("LeNet", 60, project.Get<DropdownField>("device").choices.Single(choice => choice.Contains(device.Key, StringComparison.Ordinal)));
        TrainingWindowTests.UntilChecked(project);
        project.Click("train");
        project.UntilEnded(TrainingState.Finished);
        float[] losses = EditorProject.Losses(EditorProject.Training.History);
        project.Click("train");
        project.Until(() => EditorProject.Training.Progress.Iteration > 10, "some iterations");
        project.Loop.ReloadDomain();
        project.UntilEnded(TrainingState.Finished);
        Assert.Contains(device.Key, EditorProject.Training.DeviceReason, StringComparison.Ordinal);
        Assert.Equal(losses, EditorProject.Losses(EditorProject.Training.History));
    }

    [Fact]
    public void APausedOneStaysPausedOverAReloadAndComputesNothing()
    {
        using var project = new EditorProject();
        int at = PausedAt(project);
        project.Loop.ReloadDomain();
        project.Until(() => EditorProject.Training.History.Count > 0, "its curves");
        // It is prepared anew first: its curves come back before it waits.
        project.Until(() => EditorProject.Training.State == TrainingState.Paused, "its pause");
        project.Settle();
        Assert.Equal(TrainingState.Paused, EditorProject.Training.State);
        Assert.Equal("Resume", project.Get<Button>("pause").text);
        Assert.Equal(Progress.Status.Paused, Assert.Single(project.Editor.ProgressItems).Status);
        Assert.Equal(at, EditorProject.Training.History.Count);
        // What lies behind it is read on its own thread.
        project.Until(() => project.Get<ProgressBar>("progress").title.StartsWith($"iteration {at} of", StringComparison.Ordinal), "the iteration that it stands at");
        project.Click("pause");
        project.Until(() => EditorProject.Training.Progress.Iteration > at + 2, "more iterations");
    }

    [Fact]
    public void ItOutlivesTheEditorAndGoesOnWhenAsked()
    {
        using var project = new EditorProject();
        int at = PausedAt(project);
        project.Click("pause");
        project.Until(() => EditorProject.Training.Progress.Iteration > at + 2, "more iterations");
        project.Editor.Quit();

        using var again = new PlayerLoop(playing: false);
        EditorSession editor = EditorSession.Open(again, project.Folder);
        for (int i = 0; i < 10; i++) again.EditorTick();
        Assert.Equal(TrainingState.Paused, EditorTraining.instance.State);
        EditorTraining.instance.Resume();
        Assert.True(again.RunUntil(() => EditorTraining.instance.State == TrainingState.Running && EditorTraining.instance.Progress.Iteration > at + 2, EditorProject.Patience));
        EditorTraining.instance.Stop();
        Assert.True(again.RunUntil(() => !EditorTraining.instance.IsActive, EditorProject.Patience));
        editor.Quit();
    }

    [Fact]
    public void AfterACrashItCanGoOnFromItsLastSnapshot()
    {
        using var project = new EditorProject();
        Train(project);
        project.Click("snapshot");
        project.Until(() => EditorProject.Training.Snapshots.Count > 0, "a snapshot");
        int at = EditorProject.Training.Snapshots[0].Iteration;
        project.Click("stop");
        // The process is gone at once: nothing of the end is written.
        string kept = Path.Combine(project.Folder, "UserSettings", "CortadoTraining.asset"), asOfTheStart = File.ReadAllText(kept);
        project.UntilEnded(TrainingState.Stopped);
        foreach (string later in Directory.GetFiles(Path.GetDirectoryName(EditorProject.Training.Snapshots[0].Model)!).Where(file => !file.Contains($"_iter_{at}.", StringComparison.Ordinal))) File.Delete(later);
        project.Editor.Quit();
        File.WriteAllText(kept, asOfTheStart);

        using var again = new PlayerLoop(playing: false);
        EditorSession editor = EditorSession.Open(again, project.Folder);
        Assert.Equal(TrainingState.Paused, EditorTraining.instance.State);
        EditorTraining.instance.Resume();
        Assert.True(again.RunUntil(() => EditorTraining.instance.Progress.Iteration > at, EditorProject.Patience));
        Assert.True(EditorTraining.instance.History.Count < EditorTraining.instance.Progress.Iteration);
        EditorTraining.instance.Stop();
        Assert.True(again.RunUntil(() => !EditorTraining.instance.IsActive, EditorProject.Patience));
        editor.Quit();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ItGoesOnThroughPlayMode(bool reloadDomain)
    {
        using var project = new EditorProject();
        Train(project);
        project.Loop.EnterPlayMode(reloadDomain);
        int at = EditorProject.Training.History.Count;
        project.Until(() => EditorProject.Training.Progress.Iteration > at + 3, "iterations while playing");
        project.Loop.ExitPlayMode();
        at = EditorProject.Training.Progress.Iteration;
        project.Until(() => EditorProject.Training.Progress.Iteration > at + 3, "iterations after playing");
        Assert.Single(project.Editor.ProgressItems);
    }

    [Fact]
    public void ClosingTheWindowDoesNotEndIt()
    {
        using var project = new EditorProject();
        Train(project);
        project.Window.Close();
        int at = EditorProject.Training.Progress.Iteration;
        project.Until(() => EditorProject.Training.Progress.Iteration > at + 5, "iterations without a window");
        TrainingWindow.Open();
        project.Until(() => project.Get<Label>("loss").text.Length > 0, "its numbers");
        Assert.Equal("Running", project.Get<Label>("state").text);
        Assert.Contains("when the training has ended", project.Get<Label>("check-state").text, StringComparison.Ordinal);
        project.Click("stop");
        project.UntilEnded(TrainingState.Stopped);
        TrainingWindowTests.UntilChecked(project);
    }

    [Fact]
    public void NoThreadOfATrainingIsLeftBehind()
    {
        using var project = new EditorProject();
        Train(project);
        var threads = new List<Thread> { ThreadOf(project) };
        project.Loop.ReloadDomain();
        Assert.False(threads[0].IsAlive);
        project.Until(() => EditorProject.Training.State == TrainingState.Running, "its going on");
        threads.Add(ThreadOf(project));
        project.Window.Close();
        EditorProject.Training.Stop();
        project.UntilEnded(TrainingState.Stopped);
        Train(project);
        threads.Add(ThreadOf(project));
        project.Editor.Quit();
        Assert.Equal(3, threads.Distinct().Count());
        Assert.All(threads, thread => Assert.False(thread.IsAlive));
    }

    // The thread that owns the device of the training: it ends after its device is closed.
    private static Thread ThreadOf(EditorProject project)
    {
        const System.Reflection.BindingFlags Own = System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic;
        Assert.NotNull(project);
        object job = typeof(EditorTraining).GetField("_job", Own)!.GetValue(EditorProject.Training)!;
        return (Thread)typeof(TrainingJob).GetField("_thread", Own)!.GetValue(job)!;
    }

    private static void Train(EditorProject project)
    {
        project.Choose("LeNet", 1_000_000);
        TrainingWindowTests.UntilChecked(project);
        project.Click("train");
        project.Until(() => EditorProject.Training.Progress.Iteration > 3, "some iterations");
    }

    private static int PausedAt(EditorProject project)
    {
        Train(project);
        project.Click("pause");
        project.Until(() => EditorProject.Training.State == TrainingState.Paused, "the pause");
        return EditorProject.Training.Progress.Iteration;
    }
}
