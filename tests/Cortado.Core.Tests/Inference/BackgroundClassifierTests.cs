using System.Diagnostics;
using Cortado.Backends;
using Cortado.Backends.Cpu;
using Cortado.Data;
using Cortado.Formats;
using Cortado.Inference;
using Cortado.Nets;

namespace Cortado.Tests.Inference;

public sealed class BackgroundClassifierTests
{
    private static readonly long Millisecond = Stopwatch.Frequency / 1000;

    private static string Weights => GoldenFolder.PathOf("seed_small/seed_small.caffemodel");

    private static TrainedNetwork Network(string transform = "transform_param { scale: 0.00390625 }", string[]? labels = null)
    {
        string text = File.ReadAllText(GoldenFolder.PathOf("seed_small/deploy.prototxt"));
        string deploy = text.Insert(text.IndexOf("input_param", StringComparison.Ordinal), transform + "\n  ");
        return new TrainedNetwork("deploy.prototxt", deploy, () => WeightFile.Open(Weights), labels ?? new[] { "ball", "box" });
    }

    private static byte[] Picture(int seed)
    {
        var rgba = new byte[4 * 70 * 70];
        new Random(seed).NextBytes(rgba);
        return rgba;
    }

    private static ClassScore[] Expected(byte[] rgba)
    {
        using var backend = new CpuBackend(1);
        using Classifier classifier = Classifier.Load(Network(), backend);
        var image = new Image();
        RgbaPixels.Unpack(rgba, 70, 70, RowOrder.BottomUp, ImageColor.Color, image);
        var top = new ClassScore[2];
        classifier.Classify(image, top);
        return top;
    }

    private static void Until(Func<bool> condition)
    {
        long end = Stopwatch.GetTimestamp() + 60 * Stopwatch.Frequency;
        while (!condition())
        {
            Assert.True(Stopwatch.GetTimestamp() < end, "It did not happen within a minute.");
            Thread.Sleep(1);
        }
    }

    private static ClassScore[] Take(BackgroundClassifier classifier, out BackgroundResultInfo info)
    {
        var best = new ClassScore[2];
        BackgroundResultInfo found = default;
        Until(() => classifier.TryTake(best, out found));
        info = found;
        return best;
    }

    [Fact]
    public void Pictures_get_the_classifiers_answers()
    {
        using var background = new BackgroundClassifier(() => new CpuBackend(1)) { Top = 2 };
        background.Load(b => Classifier.Load(Network(), b));
        Until(() => background.Status.State == BackgroundState.Ready);
        Assert.Equal((70, 70), (background.Status.ImageWidth, background.Status.ImageHeight));
        for (int i = 1; i <= 3; i++)
        {
            background.Submit(Picture(i), 70, 70, 0.5 * i);
            Assert.Equal(Expected(Picture(i)), Take(background, out BackgroundResultInfo info));
            Assert.Equal((2, 0.5 * i, (long)i), (info.Count, info.Time, info.Number));
        }
    }

    [Fact]
    public void Of_pictures_that_wait_the_newest_wins()
    {
        using var background = new BackgroundClassifier(() => new CpuBackend(1)) { Top = 2 };
        for (int i = 1; i <= 5; i++) background.Submit(Picture(i), 70, 70, i);
        background.Load(b => Classifier.Load(Network(), b));
        Assert.Equal(Expected(Picture(5)), Take(background, out BackgroundResultInfo info));
        Assert.Equal(5, info.Number);
        Thread.Sleep(50);
        Assert.False(background.TryTake(new ClassScore[2], out _));
    }

    [Fact]
    public void A_request_is_answered_whatever_the_stream_does()
    {
        using var background = new BackgroundClassifier(() => new CpuBackend(1));
        var request = new ClassificationRequest(Picture(9), 70, 70, 2);
        background.Submit(request);
        for (int i = 1; i <= 5; i++) background.Submit(Picture(i), 70, 70, i);
        background.Load(b => Classifier.Load(Network(), b));
        Until(() => request.IsDone);
        Assert.Null(request.Failure);
        Assert.Equal(Expected(Picture(9)), request.Best.ToArray());
    }

    [Theory]
    [InlineData(1, 2.0)]
    [InlineData(5, 2.0)]
    [InlineData(3, 0.25)]
    public void Computing_keeps_to_its_share_of_each_frame(int layerMilliseconds, double share)
    {
        // A clock that only layers move: what is measured is exactly what the work took.
        long now = 0;
        using var background = new BackgroundClassifier(() => new CpuBackend(1), null, () => Interlocked.Read(ref now));
        int layers = 0;
        background.Load(b =>
        {
            Classifier classifier = Classifier.Load(Network(), b, () => Interlocked.Read(ref now));
            classifier.Net.Observer = new ClockMover(() =>
            {
                Interlocked.Increment(ref layers);
                Interlocked.Add(ref now, layerMilliseconds * Millisecond);
            });
            return classifier;
        });
        Until(() => background.Status.State == BackgroundState.Ready);
        int all = Interlocked.Exchange(ref layers, 0);
        background.BeginFrame(share);
        background.Submit(Picture(1), 70, 70, 0);
        var best = new ClassScore[1];
        int frames = 1;
        while (true)
        {
            // The thread sleeps when its share is spent: then, and only then, the next frame begins.
            Until(() => !background.Budget.IsOpen || Volatile.Read(ref layers) == all);
            double computed = layerMilliseconds * Volatile.Read(ref layers);
            Assert.True(computed < share * frames + layerMilliseconds, $"{computed} ms were computed in {frames} frames of {share} ms.");
            if (Volatile.Read(ref layers) == all) break;
            background.BeginFrame(share);
            frames++;
        }
        BackgroundResultInfo info = default;
        Until(() => background.TryTake(best, out info));
        Assert.Equal(layerMilliseconds * all, info.Computing.TotalMilliseconds, 3);
        Assert.InRange(frames, (int)(layerMilliseconds * (all - 1) / share), (int)Math.Ceiling(layerMilliseconds * all / share) + 1);
    }

    [Fact]
    public void Smoothing_mixes_in_what_was_seen_before()
    {
        using var background = new BackgroundClassifier(() => new CpuBackend(1)) { Top = 2, Smoothing = 0.75f };
        background.Load(b => Classifier.Load(Network("transform_param { scale: 0.05 }"), b));
        var seen = new List<float[]>();
        var alone = new List<float[]>();
        for (int i = 1; i <= 3; i++)
        {
            var request = new ClassificationRequest(Picture(i), 70, 70, 2);
            background.Submit(request);
            Until(() => request.IsDone);
            alone.Add(ByIndex(request.Best.ToArray()));
            background.Submit(Picture(i), 70, 70, 0);
            seen.Add(ByIndex(Take(background, out _)));
        }
        Assert.Equal(alone[0], seen[0]);
        float[] expected = alone[0];
        for (int i = 1; i < 3; i++)
        {
            expected = expected.Zip(alone[i], (last, next) => 0.75f * last + 0.25f * next).ToArray();
            for (int c = 0; c < 2; c++) Assert.Equal(expected[c], seen[i][c], 1e-6f);
        }

        static float[] ByIndex(ClassScore[] scores) => scores.OrderBy(s => s.Index).Select(s => s.Probability).ToArray();
    }

    [Fact]
    public void Another_network_takes_over_and_the_old_one_answers_until_then()
    {
        using var background = new BackgroundClassifier(() => new CpuBackend(1)) { Top = 2 };
        background.Load(b => Classifier.Load(Network(), b));
        Until(() => background.Status.State == BackgroundState.Ready);
        using var hold = new ManualResetEventSlim();
        int second = background.Load(b =>
        {
            hold.Wait();
            return Classifier.Load(Network(labels: new[] { "left", "right" }), b);
        });
        Assert.Equal(1, background.Status.Network);
        hold.Set();
        Until(() => background.Status.Network == second);
        background.Submit(Picture(1), 70, 70, 0);
        Assert.Contains(Take(background, out _)[0].Label, new[] { "left", "right" });
    }

    [Fact]
    public void A_network_that_cannot_be_loaded_is_told_and_another_one_may_follow()
    {
        using var background = new BackgroundClassifier(() => new CpuBackend(1)) { Top = 2 };
        var request = new ClassificationRequest(Picture(1), 70, 70, 1);
        background.Submit(request);
        background.Load(b => Classifier.Load(Network(labels: new[] { "a", "b", "c" }), b));
        Until(() => background.Status.State == BackgroundState.Failed);
        Assert.Contains("3 class names", background.Status.Failure!.Message, StringComparison.Ordinal);
        Until(() => request.IsDone);
        Assert.Same(background.Status.Failure, request.Failure);
        background.Load(b => Classifier.Load(Network(), b));
        Until(() => background.Status.State == BackgroundState.Ready);
    }

    [Fact]
    public void A_picture_with_a_broken_answer_is_told_and_the_next_one_is_classified()
    {
        using var background = new BackgroundClassifier(() => new CpuBackend(1)) { Top = 2 };
        Classifier? loaded = null;
        background.Load(b => loaded = Classifier.Load(Network(), b));
        Until(() => background.Status.State == BackgroundState.Ready);
        float[] bias = loaded!.Net.FindLayer("conv2")!.Layer.Blobs[1].ReadData().ToArray();
        loaded.Net.FindLayer("conv2")!.Layer.Blobs[1].Data.Update()[0] = float.NaN;
        loaded.Net.WeightsChanged();
        background.Submit(Picture(1), 70, 70, 0);
        Until(() => background.Status.State == BackgroundState.Failed);
        Assert.Contains("'conv2'", background.Status.Failure!.Message, StringComparison.Ordinal);
        loaded.Net.FindLayer("conv2")!.Layer.Blobs[1].Data.Update()[0] = bias[0];
        loaded.Net.WeightsChanged();
        background.Submit(Picture(1), 70, 70, 0);
        Assert.Equal(Expected(Picture(1)), Take(background, out _));
        Until(() => background.Status.State == BackgroundState.Ready);
    }

    [Fact]
    public void Stopping_ends_the_thread_and_gives_everything_back_even_in_the_middle_of_a_picture()
    {
        var backend = new CountedBackend();
        int ended = 0;
        var background = new BackgroundClassifier(() => backend, () => Interlocked.Increment(ref ended));
        background.Load(b => Classifier.Load(Network(), b));
        Until(() => background.Status.State == BackgroundState.Ready);
        background.BeginFrame(1e-6);
        background.Submit(Picture(1), 70, 70, 0);
        Until(() => !background.Budget.IsOpen);
        var request = new ClassificationRequest(Picture(1), 70, 70, 1);
        background.Submit(request);
        background.Stop();
        Assert.True(background.Join(TimeSpan.FromSeconds(60)));
        Assert.Equal(BackgroundState.Stopped, background.Status.State);
        Assert.True(backend.IsDisposed);
        Assert.Equal(1, ended);
        Assert.IsType<OperationCanceledException>(request.Failure);
        var late = new ClassificationRequest(Picture(1), 70, 70, 1);
        background.Submit(late);
        Assert.True(late.IsDone);
        background.Dispose();
    }

    [Fact]
    public void A_picture_allocates_nothing_on_either_thread()
    {
        using var background = new BackgroundClassifier(() => new CpuBackend(1)) { Top = 2, Smoothing = 0.5f };
        long worker = 0;
        background.Load(b =>
        {
            Classifier classifier = Classifier.Load(Network(), b);
            int last = classifier.Net.Layers.Count - 1;
            classifier.Net.Observer = new LayerObserver(i =>
            {
                if (i == last) Interlocked.Exchange(ref worker, GC.GetAllocatedBytesForCurrentThread());
            });
            return classifier;
        });
        byte[] picture = Picture(1);
        var best = new ClassScore[2];
        long quietest = long.MaxValue, quietestWorker = long.MaxValue, lastWorker = -1;
        for (int i = 0; i < 40; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            background.BeginFrame(100);
            background.Submit(picture, 70, 70, i);
            bool taken;
            do
            {
                background.BeginFrame(100);
                taken = background.TryTake(best, out _);
            }
            while (!taken);
            quietest = Math.Min(quietest, GC.GetAllocatedBytesForCurrentThread() - before);
            long now = Interlocked.Read(ref worker);
            if (lastWorker >= 0) quietestWorker = Math.Min(quietestWorker, now - lastWorker);
            lastWorker = now;
        }
        Assert.Equal((0, 0), (quietest, quietestWorker));
    }

    private sealed class ClockMover : INetObserver
    {
        private readonly Action _move;

        public ClockMover(Action move) => _move = move;

        public void AfterForward(Net net, int layer) => _move();

        public void AfterBackward(Net net, int layer)
        {
        }
    }

    private sealed class LayerObserver : INetObserver
    {
        private readonly Action<int> _after;

        public LayerObserver(Action<int> after) => _after = after;

        public void AfterForward(Net net, int layer) => _after(layer);

        public void AfterBackward(Net net, int layer)
        {
        }
    }

    private sealed class CountedBackend : IBackend
    {
        private readonly CpuBackend _inner = new(1);

        public bool IsDisposed { get; private set; }

        public string Name => _inner.Name;

        public string Description => _inner.Description;

        public Tensors.DeviceBuffer Allocate(int count) => _inner.Allocate(count);

        public void Synchronize() => _inner.Synchronize();

        public TOperator Prepare<TOperator>(OperatorSpec<TOperator> spec) where TOperator : class, IOperator => _inner.Prepare(spec);

        public void Dispose()
        {
            IsDisposed = true;
            _inner.Dispose();
        }
    }
}
