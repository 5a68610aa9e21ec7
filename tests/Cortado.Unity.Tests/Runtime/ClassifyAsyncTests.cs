using Cortado.Inference;
using UnityEngine;

namespace Cortado.Unity.Tests.Runtime;

public sealed class ClassifyAsyncTests
{
    [Fact]
    public void A_texture_gets_the_cores_answer_on_the_main_thread()
    {
        using var stage = new Stage();
        ImageClassifier classifier = stage.Classifier();
        classifier.Rate = ClassificationRate.OnDemand;
        stage.Loop.Frame();
        var texture = new Texture2D(70, 70);
        texture.SetPixels32(NoisePainter.Pixels(70, 70, 6));
        texture.Apply();
        Thread? continued = null;
        Task<Classification> task = classifier.ClassifyAsync(texture);
        _ = Continue();
        stage.Until(() => continued != null);
        Assert.Same(Thread.CurrentThread, continued);
        Stage.Same(stage.Expected(NoisePainter.Picture(70, 70, 6)), task.Result);
        Assert.Equal(0, classifier.Latest.Count);
        Assert.Equal(0, stage.Loop.Gpu.Stalls);

        async Task Continue()
        {
            await task;
            continued = Thread.CurrentThread;
        }
    }

    [Fact]
    public void Many_at_once_each_get_their_own_answer()
    {
        using var stage = new Stage();
        ImageClassifier classifier = stage.Classifier();
        stage.Loop.Frame();
        var tasks = new List<Task<Classification>>();
        for (int seed = 10; seed < 16; seed++)
        {
            var texture = new Texture2D(70, 70);
            texture.SetPixels32(NoisePainter.Pixels(70, 70, seed));
            texture.Apply();
            tasks.Add(classifier.ClassifyAsync(texture));
        }
        stage.Until(() => tasks.All(t => t.IsCompleted));
        for (int i = 0; i < tasks.Count; i++) Stage.Same(stage.Expected(NoisePainter.Picture(70, 70, 10 + i)), tasks[i].Result);
    }

    [Fact]
    public void Disabling_cancels_what_is_not_done()
    {
        using var stage = new Stage();
        ImageClassifier classifier = stage.Classifier();
        stage.Loop.Frame();
        Task<Classification> task = classifier.ClassifyAsync(new Texture2D(70, 70));
        Task warm = classifier.WarmUp();
        classifier.enabled = false;
        Assert.True(task.IsCanceled);
        Assert.True(warm.IsCanceled || warm.IsCompletedSuccessfully);
        Assert.IsType<InvalidOperationException>(classifier.ClassifyAsync(new Texture2D(70, 70)).Exception!.InnerException);
    }

    [Fact]
    public void Who_asks_again_when_a_change_of_the_device_cancels_gets_an_answer()
    {
        using var stage = new Stage();
        ImageClassifier classifier = stage.Classifier();
        stage.Loop.Frame();
        Task<Classification> answer = Ask();
        classifier.Device = ClassifierDevice.Cpu;
        stage.Until(() => answer.IsCompleted);
        Assert.Equal(2, answer.Result.Count);
        Assert.Empty(stage.Loop.Log.Errors);

        async Task<Classification> Ask()
        {
            while (true)
            {
                try
                {
                    return await classifier.ClassifyAsync(new Texture2D(70, 70));
                }
                catch (OperationCanceledException)
                {
                    // Asked again.
                }
            }
        }
    }

    [Fact]
    public void A_texture_that_is_destroyed_first_fails_its_task()
    {
        using var stage = new Stage();
        ImageClassifier classifier = stage.Classifier();
        var texture = new Texture2D(70, 70);
        Task<Classification> task = classifier.ClassifyAsync(texture);
        UnityEngine.Object.DestroyImmediate(texture);
        stage.Until(() => task.IsCompleted);
        Assert.Contains("destroyed", task.Exception!.InnerException!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_picture_that_is_not_read_back_fails_its_task_and_nothing_more_is_asked_for()
    {
        using var stage = new Stage();
        ImageClassifier classifier = stage.Classifier();
        classifier.Rate = ClassificationRate.OnDemand;
        stage.Loop.Gpu.FailingReadbacks = 1;
        Task<Classification> task = classifier.ClassifyAsync(new Texture2D(70, 70));
        stage.Until(() => task.IsCompleted);
        stage.Loop.Frames(5);
        Assert.Contains("read back", task.Exception!.InnerException!.Message, StringComparison.Ordinal);
        Assert.Equal(1, stage.Loop.Gpu.Requests);
        classifier.enabled = false;
        Assert.Equal(0, stage.Loop.Gpu.LiveRenderTextures);
    }

    [Fact]
    public void Asked_again_and_again_it_uses_the_same_textures_and_the_same_memory()
    {
        using var stage = new Stage();
        ImageClassifier classifier = stage.Classifier();
        classifier.Rate = ClassificationRate.OnDemand;
        var textures = new Texture2D[4];
        for (int i = 0; i < textures.Length; i++)
        {
            textures[i] = new Texture2D(70, 70);
            textures[i].SetPixels32(NoisePainter.Pixels(70, 70, 20 + i));
            textures[i].Apply();
        }
        ClassScore[][] expected = [.. Enumerable.Range(20, textures.Length).Select(seed => stage.Expected(NoisePainter.Picture(70, 70, seed)))];
        int live = 0;
        long quietest = long.MaxValue;
        for (int round = 0; round < 12; round++)
        {
            Task<Classification> task = classifier.ClassifyAsync(textures[round % textures.Length]);
            long allocated = 0;
            stage.Until(() =>
            {
                allocated += stage.Loop.AllocatedInFrame;
                return task.IsCompleted;
            });
            Stage.Same(expected[round % textures.Length], task.Result);
            if (round == 0) live = stage.Loop.Gpu.LiveRenderTextures;
            Assert.Equal(live, stage.Loop.Gpu.LiveRenderTextures);
            if (round > 2) quietest = Math.Min(quietest, allocated);
        }
        // The task's result, and no copy of the 19600 bytes of a picture.
        Assert.InRange(quietest, 0, 2000);
        classifier.enabled = false;
        Assert.Equal(0, stage.Loop.Gpu.LiveRenderTextures);
    }

    [Fact]
    public void More_than_are_brought_at_once_wait_for_their_turn()
    {
        using var stage = new Stage();
        ImageClassifier classifier = stage.Classifier();
        stage.Loop.Gpu.ReadbackFrames = 5;
        var textures = new List<Texture2D>();
        var tasks = new List<Task<Classification>>();
        for (int seed = 30; seed < 50; seed++)
        {
            textures.Add(new Texture2D(70, 70));
            textures[^1].SetPixels32(NoisePainter.Pixels(70, 70, seed));
            textures[^1].Apply();
            tasks.Add(classifier.ClassifyAsync(textures[^1]));
        }
        stage.Until(() => tasks.All(t => t.IsCompleted));
        for (int i = 0; i < tasks.Count; i++) Stage.Same(stage.Expected(NoisePainter.Picture(70, 70, 30 + i)), tasks[i].Result);
        Assert.Equal(0, stage.Loop.Gpu.Stalls);
    }

    [Fact]
    public void Without_a_network_the_task_fails_and_says_so()
    {
        using var stage = new Stage();
        ImageClassifier classifier = stage.Classifier();
        classifier.Network = null;
        Task<Classification> task = classifier.ClassifyAsync(new Texture2D(70, 70));
        Assert.Contains("no network", task.Exception!.InnerException!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Warming_up_is_done_when_the_network_is_ready()
    {
        using var stage = new Stage();
        ImageClassifier classifier = stage.Classifier();
        classifier.Rate = ClassificationRate.OnDemand;
        Task warm = classifier.WarmUp();
        Assert.False(warm.IsCompleted);
        stage.Until(() => warm.IsCompleted);
        Assert.True(warm.IsCompletedSuccessfully);
        Assert.True(classifier.IsReady);
        Assert.NotEqual("", classifier.DeviceName);
        Assert.True(classifier.WarmUp().IsCompletedSuccessfully);
    }
}
