using UnityEngine;

namespace Cortado.Unity.Tests.Runtime;

/// <summary>The engine promises no order among the scripts that begin in one frame: a component may be called before its own OnEnable.</summary>
public sealed class EarlyCallTests
{
    [Theory]
    [InlineData("Awake")]
    [InlineData("OnEnable")]
    public void A_classifier_takes_calls_before_its_OnEnable(string message)
    {
        using var stage = new Stage();
        GameObject owner = Inactive(out EarlyCaller caller);
        ImageClassifier classifier = stage.Classifier(owner: owner);
        Task? warm = null;
        Task<Classification>? answer = null;
        On(caller, message, () => (warm, answer) = (classifier.WarmUp(), classifier.ClassifyAsync(new Texture2D(70, 70))));
        owner.SetActive(true);
        stage.Until(() => warm!.IsCompleted && answer!.IsCompleted);
        Assert.True(warm!.IsCompletedSuccessfully);
        Assert.Equal(2, answer!.Result.Count);
        Assert.Empty(stage.Loop.Log.Entries);
    }

    [Theory]
    [InlineData("Awake")]
    [InlineData("OnEnable")]
    public void A_recorder_takes_calls_before_its_OnEnable(string message)
    {
        using var stage = new Stage();
        GameObject owner = Inactive(out EarlyCaller caller);
        DatasetRecorder recorder = owner.AddComponent<DatasetRecorder>();
        (recorder.SourceCamera, recorder.Folder) = (stage.Camera, Path.Combine(stage.Folder, "set"));
        On(caller, message, () =>
        {
            recorder.StartRecording();
            recorder.Capture(1);
        });
        owner.SetActive(true);
        Assert.True(recorder.IsRecording, recorder.Error);
        stage.Loop.Frame();
        Task stopped = recorder.StopRecording();
        stage.Until(() => stopped.IsCompleted);
        Assert.Equal(1, recorder.CountOf(1));
        Assert.Empty(stage.Loop.Log.Entries);
    }

    [Fact]
    public void What_is_switched_off_says_so()
    {
        using var stage = new Stage();
        GameObject owner = Inactive(out _);
        ImageClassifier classifier = stage.Classifier(owner: owner);
        DatasetRecorder recorder = owner.AddComponent<DatasetRecorder>();
        recorder.StartRecording();
        Assert.Contains("disabled", recorder.Error, StringComparison.Ordinal);
        Assert.Contains("disabled", classifier.WarmUp().Exception!.InnerException!.Message, StringComparison.Ordinal);
        classifier.enabled = recorder.enabled = false;
        owner.SetActive(true);
        recorder.StartRecording();
        Assert.False(recorder.IsRecording);
        Assert.Contains("disabled", classifier.WarmUp().Exception!.InnerException!.Message, StringComparison.Ordinal);
    }

    private static GameObject Inactive(out EarlyCaller caller)
    {
        var owner = new GameObject("Owner");
        owner.SetActive(false);
        caller = owner.AddComponent<EarlyCaller>();
        return owner;
    }

    private static void On(EarlyCaller caller, string message, Action call)
    {
        if (message == "Awake") caller.Waking = call;
        else caller.Enabling = call;
    }
}
