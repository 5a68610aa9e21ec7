using System.Diagnostics;
using Cortado.Backends;
using Cortado.Backends.Cpu;
using Cortado.Data;
using Cortado.Formats;
using Cortado.Inference;
using Cortado.Nets;

namespace Cortado.Tests.Inference;

/// <summary>Slices of time on a device that works beside the program, by a clock that only its work moves.</summary>
public sealed class ClassifierSliceTests : IDisposable
{
    private static readonly long Millisecond = Stopwatch.Frequency / 1000;

    private readonly Device _device = new();
    private readonly Classifier _classifier;
    private readonly Image _image = new(3, 70, 70);

    public ClassifierSliceTests()
    {
        string weights = GoldenFolder.PathOf("seed_small/seed_small.caffemodel");
        var network = new TrainedNetwork("deploy.prototxt", File.ReadAllText(GoldenFolder.PathOf("seed_small/deploy.prototxt")), () => WeightFile.Open(weights), ["ball", "box"]);
        _classifier = Classifier.Load(network, _device, () => _device.Now);
        _classifier.Net.Observer = _device;
        new Random(1).NextBytes(_image.Pixels);
        // As a program does that warms up before the first picture.
        _classifier.Begin(_image);
        while (!_classifier.Continue(TimeSpan.Zero))
        {
        }
    }

    private int Layers => _classifier.Net.Layers.Count;

    public void Dispose()
    {
        _classifier.Dispose();
        _device.Dispose();
    }

    [Fact]
    public void ADeviceIsWaitedForOnceASlice()
    {
        (int slices, int waits, double longest) = Classify(4);
        Assert.Equal((Layers + 3) / 4, slices);
        Assert.Equal(slices, waits);
        Assert.Equal(4, longest);
    }

    [Fact]
    public void TheAnswerIsThatOfOnePiece()
    {
        Classify(3);
        float[] sliced = _classifier.Scores.ToArray();
        var top = new ClassScore[2];
        _classifier.Classify(_image, top);
        Assert.Equal(_classifier.Scores.ToArray(), sliced);
    }

    [Fact]
    public void ADeviceThatBecomesSlowerIsBelieved()
    {
        Classify(4);
        _device.LayerMilliseconds = 3;
        double longest = double.MaxValue;
        for (int i = 0; i < 4; i++) longest = Classify(4).Longest;
        // Two layers of 3 ms: the first that ends beyond 4 ms is the last.
        Assert.Equal(6, longest);
    }

    [Fact]
    public void WhatTheFirstTimeTookIsForgotten()
    {
        using var slow = new Device { LayerMilliseconds = 500 };
        string weights = GoldenFolder.PathOf("seed_small/seed_small.caffemodel");
        using Classifier compiled = Classifier.Load(
            new TrainedNetwork("deploy.prototxt", File.ReadAllText(GoldenFolder.PathOf("seed_small/deploy.prototxt")), () => WeightFile.Open(weights), ["ball", "box"]), slow, () => slow.Now);
        compiled.Net.Observer = slow;
        compiled.Begin(_image);
        while (!compiled.Continue(TimeSpan.Zero))
        {
        }
        slow.LayerMilliseconds = 1;
        Assert.Equal(Layers, Run(compiled, slow, 4).Waits);
        Assert.Equal((Layers + 3) / 4, Run(compiled, slow, 4).Waits);
    }

    private (int Slices, int Waits, double Longest) Classify(double milliseconds) => Run(_classifier, _device, milliseconds);

    private (int Slices, int Waits, double Longest) Run(Classifier classifier, Device device, double milliseconds)
    {
        int slices = 0, before = device.Waits;
        double longest = 0;
        classifier.Begin(_image);
        while (true)
        {
            long start = device.Now;
            bool done = classifier.Continue(TimeSpan.FromMilliseconds(milliseconds));
            longest = Math.Max(longest, (device.Now - start) / (double)Millisecond);
            slices++;
            if (done) return (slices, device.Waits - before, longest);
        }
    }

    /// <summary>Work that was given takes its time when it is waited for.</summary>
    private sealed class Device : IBackend, INetObserver
    {
        private readonly CpuBackend _inner = new(1);
        private long _given;

        public double LayerMilliseconds { get; set; } = 1;

        public long Now { get; private set; }

        public int Waits { get; private set; }

        public string Name => _inner.Name;

        public string Description => _inner.Description;

        public Tensors.DeviceBuffer Allocate(int count) => _inner.Allocate(count);

        public TOperator Prepare<TOperator>(OperatorSpec<TOperator> spec) where TOperator : class, IOperator => _inner.Prepare(spec);

        public void Synchronize()
        {
            Waits++;
            Now += _given;
            _given = 0;
        }

        public void AfterForward(Net net, int layer) => _given += (long)(LayerMilliseconds * Millisecond);

        public void AfterBackward(Net net, int layer)
        {
        }

        public void Dispose() => _inner.Dispose();
    }
}
