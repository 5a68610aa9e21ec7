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
