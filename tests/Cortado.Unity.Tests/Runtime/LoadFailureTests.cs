using UnityEngine;

namespace Cortado.Unity.Tests.Runtime;

/// <summary>Who waits for a network that cannot be loaded is told so, whenever they began to wait.</summary>
public sealed class LoadFailureTests
{
    [Fact]
    public void A_network_that_the_thread_cannot_load_fails_those_who_ask_before_and_after()
    {
        using var stage = new Stage();
        File.WriteAllText(Path.Combine(stage.Folder, "labels.txt"), "one\ntwo\nthree\n");
        ImageClassifier classifier = stage.Classifier();
        Task[] before = [classifier.WarmUp(), classifier.ClassifyAsync(new Texture2D(70, 70))];
        stage.Until(() => before.All(t => t.IsCompleted));
        foreach (Task task in before.Append(classifier.WarmUp()).Append(classifier.ClassifyAsync(new Texture2D(70, 70)))) AssertFailed(task, "3 class names");
        Assert.Single(stage.Loop.Log.Errors);
    }

    [Fact]
    public void An_empty_asset_fails_those_who_ask_before_and_after()
    {
        using var stage = new Stage();
        ImageClassifier classifier = stage.Classifier(ScriptableObject.CreateInstance<NetworkAsset>());
        Task[] before = [classifier.WarmUp(), classifier.ClassifyAsync(new Texture2D(70, 70))];
        stage.Loop.Frames(3);
        foreach (Task task in before.Append(classifier.WarmUp()).Append(classifier.ClassifyAsync(new Texture2D(70, 70)))) AssertFailed(task, "empty");
        Assert.Single(stage.Loop.Log.Errors);
    }

    [Fact]
    public void An_empty_asset_in_the_place_of_a_network_that_runs_fails_those_who_ask()
    {
        using var stage = new Stage();
        ImageClassifier classifier = stage.Classifier();
        stage.Until(() => classifier.Latest.Count > 0);
        classifier.Network = ScriptableObject.CreateInstance<NetworkAsset>();
        Task[] before = [classifier.WarmUp(), classifier.ClassifyAsync(new Texture2D(70, 70))];
        stage.Loop.Frames(3);
        foreach (Task task in before.Append(classifier.WarmUp())) AssertFailed(task, "empty");
        // What the old one still answers does not hide it.
        long number = classifier.Latest.Number;
        stage.Until(() => classifier.Latest.Number > number);
        Assert.Contains("empty", classifier.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("another asset")]
    [InlineData("the same asset, imported again")]
    public void A_whole_network_is_waited_for_anew(string cure)
    {
        using var stage = new Stage();
        NetworkAsset asset = ScriptableObject.CreateInstance<NetworkAsset>();
        ImageClassifier classifier = stage.Classifier(asset);
        stage.Loop.Frame();
        Assert.True(classifier.WarmUp().IsFaulted);
        if (cure == "another asset")
        {
            classifier.Network = stage.Network();
        }
        else
        {
            asset.Fill(NetworkParts.Read(stage.Deploy, Stage.Weights, null));
            asset.SetWeights(new TextAsset(File.ReadAllBytes(Stage.Weights)));
        }
        Task warm = classifier.WarmUp();
        Task<Classification> answer = classifier.ClassifyAsync(new Texture2D(70, 70));
        stage.Until(() => warm.IsCompleted && answer.IsCompleted);
        Assert.True(warm.IsCompletedSuccessfully && answer.IsCompletedSuccessfully);
    }

    [Fact]
    public void While_one_network_takes_the_place_of_another_the_new_one_is_waited_for()
    {
        using var stage = new Stage();
        ImageClassifier classifier = stage.Classifier();
        stage.Until(() => classifier.Latest.Count > 0);
        using var gate = new ManualResetEventSlim();
        stage.Backends.Gate = gate;
        classifier.Network = stage.Network();
        stage.Loop.Frame();
        Task warm = classifier.WarmUp();
        stage.Loop.Frames(3);
        Assert.False(warm.IsCompleted);
        gate.Set();
        stage.Until(() => warm.IsCompleted);
        Assert.True(warm.IsCompletedSuccessfully);
        Assert.Equal(2, classifier.Background.Status.Network);
    }

    private static void AssertFailed(Task task, string message)
    {
        Assert.True(task.IsFaulted, task.Status.ToString());
        Assert.Contains(message, task.Exception!.InnerException!.Message, StringComparison.Ordinal);
    }
}
