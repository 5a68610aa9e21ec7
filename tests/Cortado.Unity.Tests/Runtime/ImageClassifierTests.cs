using Cortado.Inference;
using UnityDoubles;
using UnityEngine;

namespace Cortado.Unity.Tests.Runtime;

public sealed class ImageClassifierTests
{
    [Theory]
    [InlineData(ColorSpace.Linear)]
    [InlineData(ColorSpace.Gamma)]
    public void What_a_camera_shows_gets_the_cores_answer(ColorSpace space)
    {
        using var stage = new Stage();
        stage.Loop.Gpu.ColorSpace = space;
        // Somebody else's setting of the device: not ours to rely on, nor to leave changed.
        GL.sRGBWrite = false;
        ImageClassifier classifier = stage.Classifier();
        var heard = new List<Classification>();
        Thread? heardOn = null;
        classifier.OnClassified.AddListener(c =>
        {
            heard.Add(c);
            heardOn = Thread.CurrentThread;
        });
        stage.Until(() => heard.Count > 0);
        Stage.Same(stage.Expected(NoisePainter.Picture(70, 70, 1)), heard[0]);
        Assert.Same(Thread.CurrentThread, heardOn);
        Assert.Contains(heard[0].Label, new[] { "ball", "box" });
        Assert.True(heard[0].Number > 0);
        Assert.Equal(heard[^1].Number, classifier.Latest.Number);

        stage.Painter.Seed = 2;
        ClassScore[] next = stage.Expected(NoisePainter.Picture(70, 70, 2));
        stage.Until(() => classifier.Latest[0].Probability == next[0].Probability);
        Stage.Same(next, classifier.Latest);
        Assert.False(GL.sRGBWrite);
        Assert.Equal(0, stage.Loop.Gpu.Stalls);
        Assert.Empty(stage.Loop.Log.Entries);
    }

    [Fact]
    public void Pictures_arrive_with_the_time_of_their_frame_and_numbers_that_rise()
    {
        using var stage = new Stage();
        ImageClassifier classifier = stage.Classifier();
        var heard = new List<Classification>();
        classifier.OnClassified.AddListener(heard.Add);
        stage.Until(() => heard.Count >= 5);
        for (int i = 1; i < heard.Count; i++)
        {
            Assert.True(heard[i].Number > heard[i - 1].Number);
            Assert.True(heard[i].Time > heard[i - 1].Time);
        }
        Assert.True(heard[^1].Time <= Time.unscaledTimeAsDouble - stage.Loop.Gpu.ReadbackFrames * stage.Loop.Time.FrameSeconds);
    }

    [Fact]
    public void Who_would_wait_in_vain_is_warned_once()
    {
        using var stage = new Stage();
        ImageClassifier classifier = stage.Classifier();
        classifier.Network = null;
        classifier.SourceCamera = null;
        stage.Loop.Frames(3);
        LogEntry told = Assert.Single(stage.Loop.Log.Entries);
        Assert.Equal(LogType.Warning, told.Type);
        Assert.Contains("has no network", told.Message, StringComparison.Ordinal);
        Assert.Same(classifier, told.Context);

        classifier.enabled = false;
        classifier.Network = stage.Network();
        classifier.enabled = true;
        stage.Until(() => classifier.IsReady);
        stage.Loop.Frames(3);
        Assert.Equal(2, stage.Loop.Log.Entries.Count);
        Assert.Contains("has nothing to look at", stage.Loop.Log.Entries[^1].Message, StringComparison.Ordinal);
        Assert.Empty(classifier.Error);
    }

    [Fact]
    public void Where_only_scripts_ask_nobody_is_warned()
    {
        using var stage = new Stage();
        ImageClassifier classifier = stage.Classifier();
        classifier.SourceCamera = null;
        classifier.Rate = ClassificationRate.OnDemand;
        stage.Until(() => classifier.IsReady);
        stage.Loop.Frames(3);
        Assert.Empty(stage.Loop.Log.Entries);
    }

    [Fact]
    public void A_region_of_a_texture_is_the_part_from_the_lower_left_corner()
    {
        using var stage = new Stage();
        ImageClassifier classifier = stage.Classifier();
        var texture = new RenderTexture(140, 140, 0);
        NoisePainter.Pixels(140, 140, 3).CopyTo(texture.Write());
        classifier.SourceCamera = null;
        classifier.SourceTexture = texture;
        classifier.Region = new Rect(0.5f, 0, 0.5f, 0.5f);
        stage.Until(() => classifier.Latest.Count > 0);
        Stage.Same(stage.Expected(NoisePainter.Picture(70, 70, 3, left: 70, upper: 70)), classifier.Latest);
    }

    [Fact]
    public void A_camera_with_a_target_texture_is_not_drawn_again()
    {
        using var stage = new Stage();
        stage.Camera.targetTexture = new RenderTexture(70, 70, 24);
        ImageClassifier classifier = stage.Classifier();
        stage.Until(() => classifier.Latest.Count > 0);
        Assert.Equal(Time.frameCount, stage.Loop.Gpu.Renders);
        Stage.Same(stage.Expected(NoisePainter.Picture(70, 70, 1)), classifier.Latest);
    }

    [Fact]
    public void A_camera_without_one_is_left_as_it_was()
    {
        using var stage = new Stage();
        ImageClassifier classifier = stage.Classifier();
        classifier.Region = new Rect(0.25f, 0.5f, 0.5f, 0.5f);
        stage.Until(() => classifier.Latest.Count > 0);
        Assert.True(stage.Camera.targetTexture == null);
        Assert.True(RenderTexture.active == null);
        // The whole picture has 140 x 140 pixels, so that the region has 70 x 70.
        Stage.Same(stage.Expected(NoisePainter.Picture(70, 70, 1, left: 35, upper: 0)), classifier.Latest);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_web_cameras_new_pictures_are_taken_and_turned_upright(bool mirrored)
    {
        using var stage = new Stage();
        ImageClassifier classifier = stage.Classifier();
        var webcam = new WebCamTexture { videoVerticallyMirrored = mirrored };
        webcam.Play();
        classifier.SourceCamera = null;
        classifier.SourceTexture = webcam;
        stage.Until(() => classifier.IsReady);
        stage.Loop.Frames(5);
        Assert.Equal(0, stage.Loop.Gpu.Requests);

        Color32[] pixels = NoisePainter.Pixels(70, 70, 4);
        if (mirrored) pixels = pixels.Chunk(70).Reverse().SelectMany(row => row).ToArray();
        var driver = new GameObject("Driver").AddComponent<WebcamDriver>();
        driver.Send = () => webcam.Receive(70, 70, pixels);
        stage.Until(() => classifier.Latest.Count > 0);
        Stage.Same(stage.Expected(NoisePainter.Picture(70, 70, 4)), classifier.Latest);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(90, false)]
    [InlineData(180, false)]
    [InlineData(270, false)]
    [InlineData(90, true)]
    [InlineData(270, true)]
    public void A_phones_camera_is_classified_upright_and_the_region_is_that_of_the_upright_picture(int clockwise, bool mirrored)
    {
        using var stage = new Stage();
        ImageClassifier classifier = stage.Classifier();
        classifier.SourceCamera = null;
        classifier.Region = new Rect(0.5f, 0, 0.5f, 1);
        // Upright: wide, an empty left half, noise in the right one. As the chip stores it: turned the other way, and flipped where it is mirrored.
        Color32[] noise = NoisePainter.Pixels(70, 70, 4), pixels = [.. noise.Chunk(70).SelectMany(row => new Color32[70].Concat(row))];
        (int width, int height) = (140, 70);
        for (int turned = 0; turned < clockwise; turned += 90)
        {
            // A quarter counterclockwise: what was the right edge is the upper one.
            Color32[] before = pixels;
            int wide = width;
            (width, height) = (height, width);
            pixels = [.. Enumerable.Range(0, width * height).Select(i => before[(width - 1 - i % width) * wide + i / width])];
        }
        if (mirrored) pixels = [.. pixels.Chunk(width).Reverse().SelectMany(row => row)];
        var webcam = new WebCamTexture { videoRotationAngle = clockwise, videoVerticallyMirrored = mirrored };
        webcam.Play();
        classifier.SourceTexture = webcam;
        var driver = new GameObject("Driver").AddComponent<WebcamDriver>();
        driver.Send = () => webcam.Receive(width, height, pixels);
        stage.Until(() => classifier.Latest.Count > 0);
        Stage.Same(stage.Expected(NoisePainter.Picture(70, 70, 4)), classifier.Latest);
    }

    [Fact]
    public void On_demand_only_what_is_asked_for_is_taken()
    {
        using var stage = new Stage();
        ImageClassifier classifier = stage.Classifier();
        classifier.Rate = ClassificationRate.OnDemand;
        int heard = 0;
        classifier.OnClassified.AddListener(_ => heard++);
        stage.Until(() => classifier.IsReady);
        stage.Loop.Frames(20);
        Assert.Equal((0, 0), (stage.Loop.Gpu.Requests, heard));
        classifier.RequestClassification();
        stage.Until(() => heard == 1);
        stage.Loop.Frames(20);
        Assert.Equal((1, 1), (stage.Loop.Gpu.Requests, heard));
    }

    [Theory]
    [InlineData(2, 10)]
    [InlineData(10, 50)]
    [InlineData(100, 100)]
    public void A_rate_is_kept_by_the_games_clock(float perSecond, int expected)
    {
        using var stage = new Stage();
        ImageClassifier classifier = stage.Classifier();
        classifier.Rate = ClassificationRate.PerSecond;
        classifier.TimesPerSecond = perSecond;
        stage.Loop.Time.FrameSeconds = 0.05;
        stage.Loop.Gpu.ReadbackFrames = 1;
        stage.Until(() => classifier.IsReady);
        int before = stage.Loop.Gpu.Requests;
        stage.Loop.Frames(100);
        Assert.InRange(stage.Loop.Gpu.Requests - before, expected - 1, expected + 1);
    }

    [Fact]
    public void Smoothing_keeps_a_share_of_the_last_result()
    {
        using var stage = new Stage("transform_param { scale: 0.01 }");
        ImageClassifier classifier = stage.Classifier();
        classifier.Rate = ClassificationRate.OnDemand;
        classifier.Smoothing = 0.75f;
        int heard = 0;
        classifier.OnClassified.AddListener(_ => heard++);
        float[]? expected = null;
        for (int seed = 1; seed <= 3; seed++)
        {
            stage.Painter.Seed = seed;
            classifier.RequestClassification();
            stage.Until(() => heard == seed);
            float[] alone = ByClass(stage.Expected(NoisePainter.Picture(70, 70, seed)));
            expected = expected == null ? alone : [.. expected.Zip(alone, (last, now) => 0.75f * last + 0.25f * now)];
            float[] seen = ByClass([classifier.Latest[0], classifier.Latest[1]]);
            for (int i = 0; i < 2; i++) Assert.Equal(expected[i], seen[i], 1e-5f);
            Assert.True(seed == 1 || Math.Abs(seen[0] - alone[0]) > 1e-3f, $"The pictures are too much alike to tell: {seen[0]}, {alone[0]}.");
        }

        static float[] ByClass(ClassScore[] scores) => [.. scores.OrderBy(score => score.Index).Select(score => score.Probability)];
    }

    [Fact]
    public void A_small_budget_spreads_a_picture_over_many_frames()
    {
        using var stage = new Stage();
        ImageClassifier classifier = stage.Classifier();
        classifier.Rate = ClassificationRate.OnDemand;
        classifier.BudgetMilliseconds = 0.005f;
        stage.Until(() => classifier.IsReady);
        classifier.RequestClassification();
        int first = Time.frameCount;
        stage.Until(() => classifier.Latest.Count > 0);
        int frames = Time.frameCount - first;
        Assert.True(classifier.ComputeMilliseconds > 10 * classifier.BudgetMilliseconds);
        Assert.True(frames > 10, $"{classifier.ComputeMilliseconds} ms were computed in {frames} frames of {classifier.BudgetMilliseconds} ms.");
        Stage.Same(stage.Expected(NoisePainter.Picture(70, 70, 1)), classifier.Latest);
    }

    [Fact]
    public void No_frame_allocates_once_it_runs()
    {
        using var stage = new Stage();
        ImageClassifier classifier = stage.Classifier();
        classifier.Smoothing = 0.5f;
        int heard = 0;
        classifier.OnClassified.AddListener(_ => heard++);
        stage.Until(() => heard > 20);
        long quietest = long.MaxValue;
        int seen = 0;
        for (int round = 0; round < 8; round++)
        {
            int before = heard;
            long allocated = 0;
            for (int frame = 0; frame < 30; frame++)
            {
                stage.Loop.Frame();
                allocated += stage.Loop.AllocatedInFrame;
                Thread.Sleep(1);
            }
            if (heard - before < 3) continue;
            seen++;
            quietest = Math.Min(quietest, allocated);
        }
        Assert.True(seen > 0);
        Assert.Equal(0, quietest);
    }

    [Fact]
    public void A_readback_that_fails_is_told_once_and_the_next_one_goes_on()
    {
        using var stage = new Stage();
        ImageClassifier classifier = stage.Classifier();
        var errors = new List<string>();
        classifier.OnError.AddListener(errors.Add);
        stage.Loop.Gpu.FailingReadbacks = 10;
        stage.Until(() => classifier.Latest.Count > 0);
        Assert.Single(errors);
        Assert.Single(stage.Loop.Log.Errors);
        Assert.Equal("", classifier.Error);
    }

    [Fact]
    public void A_device_that_cannot_read_back_is_told_once()
    {
        using var stage = new Stage();
        stage.Loop.Gpu.SupportsReadback = false;
        ImageClassifier classifier = stage.Classifier();
        stage.Until(() => classifier.Error.Length > 0);
        stage.Loop.Frames(20);
        Assert.Contains("supportsAsyncGPUReadback", Assert.Single(stage.Loop.Log.Errors).Message, StringComparison.Ordinal);
    }

    [DefaultExecutionOrder(-100)]
    private sealed class WebcamDriver : MonoBehaviour
    {
        public Action? Send { get; set; }

        private void Update() => Send?.Invoke();
    }
}
