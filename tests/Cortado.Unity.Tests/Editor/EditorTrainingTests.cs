using Cortado.Training;
using Cortado.Unity.Editor;
using UnityDoubles;
using UnityEditor;

namespace Cortado.Unity.Tests.Editor;

/// <summary>A training as scripts start and watch it, without a window.</summary>
public sealed class EditorTrainingTests
{
    [Fact]
    public void AScriptTrainsAndMakesAnAsset()
    {
        using var project = new EditorProject();
        EditorTraining training = Chosen(project, 40);
        NetworkAsset? made = null;
        training.NetworkMade += network => made = network;
        training.StartTraining();
        Assert.Throws<InvalidOperationException>(training.StartTraining);
        project.UntilEnded(TrainingState.Finished);
        Assert.Equal(40, training.History.Count);
        training.MakeAsset(training.Snapshots[0], "Gate");
        project.Until(() => made != null, "the asset");
        Assert.Equal("Assets/Networks/Gate.caffemodel", AssetDatabase.GetAssetPath(made));
        Assert.Empty(project.Editor.Windows);
        Assert.Empty(project.Loop.Log.Errors);
    }

    [Fact]
    public void CurvesAndSnapshotsOfOneThatEndedAreThereAfterAReload()
    {
        using var project = new EditorProject();
        EditorTraining training = Chosen(project, 30);
        training.StartTraining();
        project.UntilEnded(TrainingState.Finished);
        float[] losses = EditorProject.Losses(training.History);
        TestPoint[] tests = training.History.Tests();
        project.Loop.ReloadDomain();
        project.Settle();
        Assert.Equal(TrainingState.Finished, EditorProject.Training.State);
        Assert.Equal(losses, EditorProject.Losses(EditorProject.Training.History));
        Assert.Equal(tests, EditorProject.Training.History.Tests());
        Assert.Equal(30, Assert.Single(EditorProject.Training.Snapshots).Iteration);
    }

    [Fact]
    public void ASecondTrainingLeavesTheFirstOnesSnapshotsAlone()
    {
        using var project = new EditorProject();
        EditorTraining training = Chosen(project, 12);
        training.StartTraining();
        project.UntilEnded(TrainingState.Finished);
        string first = training.Snapshots[0].Model;
        byte[] weights = File.ReadAllBytes(first);
        training.Choices.MaxIterations = 14;
        training.StartTraining();
        project.UntilEnded(TrainingState.Finished);
        Assert.Equal(14, Assert.Single(training.Snapshots).Iteration);
        Assert.Equal(weights, File.ReadAllBytes(first));
    }

    [Fact]
    public void ASecondRunsAssetLeavesTheFirstOnesAlone()
    {
        using var project = new EditorProject();
        EditorTraining training = Chosen(project, 12);
        var made = new List<string>();
        training.NetworkMade += network => made.Add(AssetDatabase.GetAssetPath(network));
        for (int run = 1; run <= 2; run++)
        {
            training.StartTraining();
            project.UntilEnded(TrainingState.Finished);
            training.MakeAsset(training.Snapshots[0]);
            project.Until(() => made.Count == run, "the asset");
        }
        Assert.Equal(["Assets/Networks/lenet_iter_12.caffemodel", "Assets/Networks/lenet_run2_iter_12.caffemodel"], made);
    }

    [Fact]
    public void ANameThatIsTakenGetsANumberUnlessItsAssetIsToBeReplaced()
    {
        using var project = new EditorProject();
        EditorTraining training = Chosen(project, 6);
        training.StartTraining();
        project.UntilEnded(TrainingState.Finished);
        SnapshotEntry first = training.Snapshots[0];
        training.Choices.MaxIterations = 9;
        training.StartTraining();
        project.UntilEnded(TrainingState.Finished);
        SnapshotEntry second = training.Snapshots[0];
        Assert.Equal("Assets/Networks/Gate.caffemodel", Made(first, false));
        string guid = AssetDatabase.AssetPathToGUID("Assets/Networks/Gate.caffemodel");
        Assert.Equal("Assets/Networks/Gate 1.caffemodel", Made(second, false));
        AssertHolds("Gate", first);
        AssertHolds("Gate 1", second);
        // The same one again is the same asset; a network that somebody wrote by hand is not touched.
        Assert.Equal("Assets/Networks/Gate.caffemodel", Made(first, false));
        Assert.Equal("Assets/Networks/Gate 1.caffemodel", Made(second, false));
        File.WriteAllText(Path.Combine(project.Folder, "Assets", "Networks", "Door.prototxt"), "name: 'mine'");
        Assert.Equal("Assets/Networks/Door 1.caffemodel", Made(second, false, "Door"));
        Assert.Equal("name: 'mine'", File.ReadAllText(Path.Combine(project.Folder, "Assets", "Networks", "Door.prototxt")));
        Assert.Equal("Assets/Networks/Gate.caffemodel", Made(second, true));
        AssertHolds("Gate", second);
        Assert.Equal(guid, AssetDatabase.AssetPathToGUID("Assets/Networks/Gate.caffemodel"));

        string Made(SnapshotEntry snapshot, bool replace, string name = "Gate")
        {
            NetworkAsset? made = null;
            void Tell(NetworkAsset network) => made = network;
            training.NetworkMade += Tell;
            training.MakeAsset(snapshot, name, replace);
            project.Until(() => made != null, "the asset");
            training.NetworkMade -= Tell;
            return AssetDatabase.GetAssetPath(made);
        }

        void AssertHolds(string name, SnapshotEntry snapshot) =>
            Assert.Equal(File.ReadAllBytes(snapshot.Model), File.ReadAllBytes(Path.Combine(project.Folder, "Assets", "Networks", name + ".caffemodel")));
    }

    [Fact]
    public void AnAssetThatIsBeingWrittenWhenScriptsGoLeavesNothingBehind()
    {
        using var project = new EditorProject();
        EditorTraining training = Chosen(project, 6);
        training.StartTraining();
        project.UntilEnded(TrainingState.Finished);
        training.MakeAsset(training.Snapshots[0], "Gate");
        project.Loop.ReloadDomain();
        Assert.Empty(project.Editor.ProgressItems);
        Assert.False(EditorProject.Training.IsMakingAsset);
        NetworkAsset? made = null;
        EditorProject.Training.NetworkMade += network => made = network;
        EditorProject.Training.MakeAsset(EditorProject.Training.Snapshots[0], "Gate", replace: true);
        project.Until(() => made != null, "the asset");
        Assert.Equal("Assets/Networks/Gate.caffemodel", AssetDatabase.GetAssetPath(made));
        Assert.Empty(project.Loop.Log.Errors);
    }

    /// <summary>Iterations of many seconds are those of a large batch on a CPU: the one that runs ends before scripts go.</summary>
    [Theory]
    [InlineData(0, 10)]
    [InlineData(100, 10.02)]
    [InlineData(0.1, 30)]
    [InlineData(0.001, 60)]
    public void AReloadWaitsForTheRunningIteration(double iterationsPerSecond, double seconds) =>
        Assert.Equal(seconds, EditorTraining.PatienceWith(new TrainingProgress { IterationsPerSecond = iterationsPerSecond }).TotalSeconds, 6);

    [Fact]
    public void StoppedWhileItIsPreparedItNeverBegins()
    {
        using var project = new EditorProject();
        EditorTraining training = Chosen(project, 40);
        training.StartTraining();
        training.Stop();
        project.Until(() => !training.IsActive, "the end");
        Assert.True(training.State is TrainingState.Created or TrainingState.Stopped, $"{training.State}: {training.Problem}");
        Assert.Empty(project.Editor.ProgressItems);
    }

    private static EditorTraining Chosen(EditorProject project, int iterations)
    {
        EditorTraining training = EditorTraining.instance;
        training.Choices.Template = "lenet";
        training.Choices.TrainDatabase = project.TrainDatabase;
        training.Choices.TestDatabase = project.TestDatabase;
        training.Choices.Device = "cpu";
        training.Choices.MaxIterations = iterations;
        return training;
    }
}
