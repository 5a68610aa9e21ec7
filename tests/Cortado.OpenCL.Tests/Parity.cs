using System.Globalization;
using Cortado.Backends;
using Cortado.Backends.Cpu;
using Cortado.OpenCL;
using Cortado.Tensors;

namespace Cortado.Tests;

/// <summary>
/// Runs the same work on the managed backend and on an OpenCL device and compares all that it shows: with the device's own kernels, and
/// again as if the device were a graphics card with memory of its own.
/// </summary>
public sealed class Parity : IDisposable
{
    private readonly CpuBackend _cpu = new(2);
    private readonly CaseTimes? _times = CaseTimes.FromEnvironment();
    private readonly OpenClBackend? _device, _asGpu;

    public Parity() : this(null)
    {
    }

    /// <summary>Devices that write down what they are asked for: <c>cpu.commands</c> and <c>gpu.commands</c> in the folder.</summary>
    internal Parity(string? recordTo)
    {
        OpenClPlatforms platforms = OpenClPlatforms.Discover();
        if (platforms.Devices.Count == 0)
        {
            Missing = platforms.Problem;
            return;
        }
        OpenClDevice device = platforms.Find(TestBackend.IsCpu ? "opencl" : TestBackend.Device);
        _device = new OpenClBackend(device, new OpenClOptions { BackgroundTuning = TimeSpan.Zero, RecordTo = recordTo == null ? null : Path.Combine(recordTo, "cpu.commands") });
        _asGpu = new OpenClBackend(device, new OpenClOptions { AsGpu = true, RecordTo = recordTo == null ? null : Path.Combine(recordTo, "gpu.commands") });
    }

    /// <summary>Why there is no device; null where there is one.</summary>
    public string? Missing { get; }

    /// <summary>The device's backend. Skips the test where there is none.</summary>
    public OpenClBackend Device
    {
        get
        {
            if (Missing != null) TestBackend.Absent("opencl", Missing);
            return _device!;
        }
    }

    /// <summary>The device's backend with the kernels and buffers of a graphics card.</summary>
    public OpenClBackend AsGpu
    {
        get
        {
            if (Missing != null) TestBackend.Absent("opencl", Missing);
            return _asGpu!;
        }
    }

    /// <summary>Runs a property over generated shapes. What generates them takes a test that is skipped there for one that failed, so it is skipped here.</summary>
    public void ForAny(Action samples)
    {
        _ = Device;
        samples();
    }

    /// <summary>Runs work on all backends and compares.</summary>
    public void Compare(string what, Action<Stage> work, double tolerance = 1e-5)
    {
        var expected = new Stage(_cpu);
        var findings = new Findings();
        work(expected);
        foreach (OpenClBackend backend in new[] { Device, AsGpu })
        {
            var found = new Stage(backend);
            int fallbacks = backend.Fallbacks.Count;
            backend.Recorder?.Note(what);
            work(found);
            Assert.True(backend.Fallbacks.Count == fallbacks, $"{what} fell back: {string.Join(", ", backend.Fallbacks)}");
            string where = string.Create(CultureInfo.InvariantCulture, $"{what}, {(backend == AsGpu ? "as a GPU" : "as it is")}");
            Assert.Equal(expected.Shown.Count, found.Shown.Count);
            for (int i = 0; i < expected.Shown.Count; i++)
                findings.Add(ArrayDifference.Describe($"{where}: {expected.Shown[i].Name}", expected.Shown[i].Values, found.Shown[i].Values, tolerance));
            found.Dispose();
        }
        expected.Dispose();
        findings.Check();
        if (_times == null) return;
        foreach (IBackend backend in new IBackend[] { _cpu, Device })
        {
            using var timed = new Stage(backend, _times.For(what, backend, backend == _device));
            work(timed);
        }
    }

    public void Dispose()
    {
        _times?.Save();
        _device?.Dispose();
        _asGpu?.Dispose();
        _cpu.Dispose();
    }
}

/// <summary>One backend's side of a comparison.</summary>
public sealed class Stage : IDisposable
{
    private readonly IBackend _backend;
    private readonly CaseTimer? _timer;
    private readonly List<IDisposable> _made = [];
    private int _inputs;

    public Stage(IBackend backend) => _backend = backend;

    internal Stage(IBackend backend, CaseTimer timer) : this(backend) => _timer = timer;

    public IBackend Backend => _backend;

    public List<(string Name, float[] Values)> Shown { get; } = [];

    public TOperator Prepare<TOperator>(OperatorSpec<TOperator> spec) where TOperator : class, IOperator
    {
        TOperator made = Keep(_backend.Prepare(spec));
        return _timer == null ? made : _timer.Wrap(made);
    }

    /// <summary>Random values in (-1, 1), the same on every backend, in a buffer that is a little too long.</summary>
    public DeviceBuffer Random(int count, float from = -1, float to = 1)
    {
        var random = new CounterRandom(11, (ulong)_inputs++);
        return Values(Enumerable.Range(0, count).Select(i => from + (to - from) * random.Uniform((ulong)i)).ToArray());
    }

    /// <summary>Whole numbers from 0 to below a bound.</summary>
    public DeviceBuffer Labels(int count, int bound)
    {
        var random = new CounterRandom(12, (ulong)_inputs++);
        return Values(Enumerable.Range(0, count).Select(i => (float)random.Below((ulong)i, bound)).ToArray());
    }

    public DeviceBuffer Values(params float[] values)
    {
        DeviceBuffer buffer = Keep(_backend.Allocate(values.Length + 5));
        values.CopyTo(buffer.Write());
        return buffer;
    }

    /// <summary>Room for a result, filled with what must not be seen again.</summary>
    public DeviceBuffer Room(int count)
    {
        DeviceBuffer buffer = Keep(_backend.Allocate(count + 5));
        buffer.Write().Fill(-77);
        // On its way to the device now: who overwrites an array need not fetch what the host wrote behind its end.
        (buffer as OpenClBuffer)?.ForRead();
        return buffer;
    }

    public void Show(string name, DeviceBuffer buffer, int count)
    {
        // Nobody may write behind what counts.
        Shown.Add((name, buffer.Read()[..count].ToArray()));
        Shown.Add((name + ", behind its end", buffer.Read().Slice(count, 5).ToArray()));
    }

    public void Show(string name, double value) => Shown.Add((name, [(float)value]));

    public void Dispose()
    {
        for (int i = _made.Count - 1; i >= 0; i--) _made[i].Dispose();
    }

    private T Keep<T>(T made) where T : IDisposable
    {
        _made.Add(made);
        return made;
    }
}

/// <summary>Parity tests share two open devices and run one after the other.</summary>
[CollectionDefinition(nameof(ParityCollection))]
public sealed class ParityCollection : ICollectionFixture<Parity>;
