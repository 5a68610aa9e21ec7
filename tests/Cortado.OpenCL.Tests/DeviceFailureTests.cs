using Cortado.Backends.Cpu;
using Cortado.Data;
using Cortado.Formats;
using Cortado.Inference;
using Cortado.Nets;
using Cortado.OpenCL;
using Cortado.OpenCL.Runtime;
using Cortado.Solvers;
using Cortado.Tests.Solvers;
using Cortado.Training;

namespace Cortado.Tests;

/// <summary>A device that fails in the middle of something.</summary>
[Collection(nameof(ParityCollection))]
public sealed class DeviceFailureTests(Parity parity) : IDisposable
{
    private const int OutOfResources = -5, NotAvailable = -2, IllegalAccess = -9999;
    private const string Settings = "base_lr: 0.05 lr_policy: \"fixed\" momentum: 0.9 max_iter: 40 snapshot: 4 type: \"SGD\" clip_gradients: 5";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Commands wherever they fall: uploads, kernels, reading the loss, a test, a snapshot, an update.</summary>
    public static TheoryData<bool, int, bool> Faults
    {
        get
        {
            var faults = new TheoryData<bool, int, bool>();
            foreach (bool asGpu in new[] { false, true })
                foreach (bool later in new[] { false, true })
                    foreach (int code in new[] { OutOfResources, NotAvailable, IllegalAccess })
                        faults.Add(asGpu, code, later);
            return faults;
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void ATrainingStopsWithItsLastSnapshotWhole(bool asGpu, int code, bool later)
    {
        int commands = CommandsOfATraining(asGpu);
        for (int at = 3; at < commands; at += commands / 11)
        {
            OpenClBackend backend = Open(asGpu, at, code, later);
            string prefix = _folder.File($"{code}_{later}_{at}");
            SnapshotFiles? last = null;
            DeviceException failure;
            Solver? solver = null;
            try
            {
                solver = new Solver(SmallTraining.Parameter(prefix, Settings), SmallTraining.Options(backend));
                failure = Assert.Throws<DeviceException>(() => solver.Solve());
                last = solver.LastHealthySnapshot;
                Assert.Contains($"The training stopped in iteration {solver.Iteration}.", failure.Message);
                Assert.Contains(last == null ? "No snapshot had been written" : $"The last snapshot is whole: go on with --snapshot {last.Checkpoint}", failure.Message);
                // Nothing more is computed.
                Assert.Equal(code, Assert.Throws<OpenClException>(() => backend.Synchronize()).Code);
            }
            catch (OpenClException whileBuilding)
            {
                failure = whileBuilding;
            }
            Assert.Contains(OpenClError.Name(code), failure.Message);
            Assert.Contains(backend.Device.Name, failure.Message);
            solver?.Dispose();
            backend.Dispose();
            AssertReleased(backend);
            if (last == null) continue;
            using OpenClBackend another = Open(asGpu, 0, 0, false);
            using var resumed = new Solver(SmallTraining.Parameter(prefix, Settings), SmallTraining.Options(another, last.Checkpoint));
            Assert.Equal(last.Iteration, resumed.Iteration);
            resumed.Step(2);
        }
    }

    [Fact]
    public void ASessionHandsTheFailureToWhoeverWatches()
    {
        using OpenClBackend backend = Open(false, CommandsOfATraining(false) / 2, OutOfResources, true);
        using var session = new TrainingSession(SmallTraining.Parameter(_folder, Settings), SmallTraining.Options(backend));
        session.Start();
        Assert.True(session.Wait(TimeSpan.FromMinutes(2)));
        Assert.Equal(TrainingState.Failed, session.State);
        Assert.IsType<DeviceException>(session.Error);
        Assert.Contains(session.LastSnapshot!.Checkpoint, session.Error.Message);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void AClassifierSaysSoAndCanBeMadeAgain(bool asGpu, bool later)
    {
        string model = _folder.File("net.prototxt"), weights = _folder.File("net.caffemodel");
        File.WriteAllText(model, Classified.Replace('\'', '"'));
        using (var cpu = new CpuBackend(1))
        using (Net net = Net.Build(NetFile.Load(model).Message, new NetOptions { Backend = cpu })) WeightSaver.Save(net, weights);
        var image = new Image(3, 8, 8);
        var scores = new ClassScore[1];
        float expected = 0;
        int commands;
        using (OpenClBackend healthy = Open(asGpu, 0, 0, false))
        {
            using Classifier classifier = Classifier.Load(model, weights, new ClassifierOptions { Backend = healthy });
            for (int i = 0; i < 3; i++) classifier.Classify(image, scores);
            expected = scores[0].Probability;
            commands = Given(healthy);
        }
        for (int at = 1; at <= commands; at++)
        {
            OpenClBackend backend = Open(asGpu, at, OutOfResources, later);
            Classifier? classifier = null;
            var failure = Assert.ThrowsAny<DeviceException>(() =>
            {
                classifier = Classifier.Load(model, weights, new ClassifierOptions { Backend = backend });
                for (int i = 0; i < 3; i++) classifier.Classify(image, scores);
                // What nobody waited for fails here.
                backend.Synchronize();
            });
            Assert.Contains("CL_OUT_OF_RESOURCES (-5)", failure.Message);
            if (classifier != null) Assert.ThrowsAny<DeviceException>(() => classifier.Classify(image, scores));
            classifier?.Dispose();
            backend.Dispose();
            AssertReleased(backend);
        }
        using OpenClBackend again = Open(asGpu, 0, 0, false);
        using Classifier second = Classifier.Load(model, weights, new ClassifierOptions { Backend = again });
        second.Classify(image, scores);
        Assert.Equal(expected, scores[0].Probability);
    }

    [Fact]
    public void TheMessageNamesKernelDeviceAndDriver()
    {
        using OpenClBackend backend = Open(false, 6, OutOfResources, false);
        using var stage = new Stage(backend);
        var failure = Assert.Throws<OpenClException>(() =>
        {
            var y = stage.Room(100);
            var op = stage.Prepare(new Cortado.Backends.Contracts.TanhSpec(100));
            for (int i = 0; i < 20; i++) op.Forward(y, y);
        });
        Assert.StartsWith($"{backend.Device.Name} ({backend.Device.Key}, driver {backend.Device.DriverVersion}) failed in clEnqueueNDRangeKernel of kernel ", failure.Message);
        Assert.Contains(": CL_OUT_OF_RESOURCES (-5). That usually means", failure.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AnImageIsSubmittedAndPolledWithoutWaiting(bool asGpu)
    {
        string model = _folder.File("net.prototxt"), weights = _folder.File("net.caffemodel");
        File.WriteAllText(model, Classified.Replace('\'', '"'));
        using (var cpu = new CpuBackend(1))
        using (Net net = Net.Build(NetFile.Load(model).Message, new NetOptions { Backend = cpu })) WeightSaver.Save(net, weights);
        using OpenClBackend backend = Open(asGpu, 0, 0, false);
        using Classifier classifier = Classifier.Load(model, weights, new ClassifierOptions { Backend = backend });
        ClassScore[] expected = new ClassScore[4], found = new ClassScore[4];
        for (int i = 0; i < 6; i++)
        {
            var image = new Image(3, 8, 8);
            image.Pixels.AsSpan().Fill((byte)(40 * i));
            classifier.Classify(image, expected);
            // The first ones make views and pinned memory.
            long waits = backend.Queue.Waits, finishes = backend.Queue.Finishes;
            classifier.Submit(image);
            while (!classifier.IsDone) Thread.Sleep(1);
            if (i > 2) Assert.Equal((waits, finishes), (backend.Queue.Waits, backend.Queue.Finishes));
            Assert.Equal(4, classifier.Best(found));
            Assert.Equal(expected, found);
        }
    }

    [Fact]
    public void PollingFindsAFailure()
    {
        string model = _folder.File("net.prototxt"), weights = _folder.File("net.caffemodel");
        File.WriteAllText(model, Classified.Replace('\'', '"'));
        using (var cpu = new CpuBackend(1))
        using (Net net = Net.Build(NetFile.Load(model).Message, new NetOptions { Backend = cpu })) WeightSaver.Save(net, weights);
        int commands;
        using (OpenClBackend healthy = Open(false, 0, 0, false))
        using (Classifier classifier = Classifier.Load(model, weights, new ClassifierOptions { Backend = healthy }))
        {
            classifier.Submit(new Image(3, 8, 8));
            commands = Given(healthy);
        }
        using OpenClBackend failing = Open(false, commands - 1, IllegalAccess, true);
        using Classifier lost = Classifier.Load(model, weights, new ClassifierOptions { Backend = failing });
        lost.Submit(new Image(3, 8, 8));
        Assert.Contains("(-9999)", Assert.ThrowsAny<DeviceException>(() => lost.IsDone).Message);
        Assert.ThrowsAny<DeviceException>(() => lost.Best(new ClassScore[1]));
    }

    private const string Classified = """
        name: 'small' layer { name: 'data' type: 'Input' top: 'data' input_param { shape { dim: 1 dim: 3 dim: 8 dim: 8 } } }
        layer { name: 'conv' type: 'Convolution' bottom: 'data' top: 'conv' convolution_param { num_output: 5 kernel_size: 3 weight_filler { type: 'xavier' } } }
        layer { name: 'ip' type: 'InnerProduct' bottom: 'conv' top: 'ip' inner_product_param { num_output: 4 weight_filler { type: 'xavier' } } }
        layer { name: 'prob' type: 'Softmax' bottom: 'ip' top: 'prob' }
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhatIsDisposedIsReleased(bool asGpu)
    {
        using OpenClBackend backend = Open(asGpu, 0, 0, false);
        var solver = new Solver(SmallTraining.Parameter(_folder, Settings), SmallTraining.Options(backend));
        solver.Step(6);
        solver.TestAll();
        solver.Dispose();
        backend.Dispose();
        Assert.Equal(0, backend.LiveHandles);
    }

    // An operator that failed while it was made leaves its pieces to the garbage collector.
    private static void AssertReleased(OpenClBackend backend)
    {
        for (int i = 0; i < 5 && backend.LiveHandles != 0; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.Equal(0, backend.LiveHandles);
    }

    private static int Given(OpenClBackend backend) => backend.Queue.Fault!.Given;

    private OpenClBackend Open(bool asGpu, int at, int code, bool later) =>
        new(parity.Device.Device, new OpenClOptions { AsGpu = asGpu, Fault = new FaultInjection(at, code, later) });

    private int CommandsOfATraining(bool asGpu)
    {
        using OpenClBackend backend = Open(asGpu, 0, 0, false);
        using var solver = new Solver(SmallTraining.Parameter(_folder, Settings.Replace("max_iter: 40", "max_iter: 10", StringComparison.Ordinal)), SmallTraining.Options(backend));
        solver.Solve();
        return Given(backend);
    }
}
