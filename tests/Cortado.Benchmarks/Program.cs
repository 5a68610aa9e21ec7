// Speed of a backend's convolutions and fully connected layers, each against the machine's peak measured in the same run.
//   dotnet run -c Release --project tests/Cortado.Benchmarks -- [network=seed] [batch=64] [rounds=5] [layer=conv2] [pass=forward] [threads=2] [simd=Vector256] [clock=cpu] [device=cpu|opencl|opencl:P:D] [half]
// clock=cpu counts processor time instead of the wall's: for one thread on a machine that others use as well.

using System.Diagnostics;
using System.Globalization;
using Cortado.Backends;
using Cortado.Backends.Contracts;
using Cortado.Backends.Cpu;
using Cortado.Benchmarks;
using Cortado.OpenCL;
using Cortado.Tensors;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
string Option(string name, string otherwise) => args.FirstOrDefault(a => a.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..] ?? otherwise;
int batch = int.Parse(Option("batch", "64")), rounds = int.Parse(Option("rounds", "5")), threads = int.Parse(Option("threads", "0"));
bool cpuClock = Option("clock", "wall") == "cpu";
string onlyLayer = Option("layer", ""), onlyPass = Option("pass", "");
NetworkShape network = Option("network", "seed") == "alexnet" ? NetworkShapes.AlexNet : NetworkShapes.Seed;
string device = Option("device", "cpu");
using var cpu = new CpuBackend(threads, Enum.Parse<SimdLevel>(Option("simd", CpuKernels.Best.ToString())));
using IBackend? other = device == "cpu" ? null : new OpenClBackend(OpenClPlatforms.Discover().Find(device), new OpenClOptions { HalfWeights = args.Contains("half") });
IBackend backend = other ?? cpu;

PeakMeasurement peak = PeakMeasurement.Measure(cpu);
double peakFlops = peak.FlopsPerSecond;
Console.WriteLine($"{network.Name}, batch {batch}; {backend.Description}; multiply-add peak {peakFlops / 1e9:F0} GFLOP/s, read {peak.ReadBytesPerSecond / 1e9:F1} GB/s");
Console.WriteLine($"{"layer",-8}{"pass",-18}{"ms",10}{"GFLOP/s",10}{"of peak",10}{"GB/s",8}");
double totalMs = 0, totalFlops = 0;

if (onlyLayer == "kernel") TimeKernel();
foreach ((string name, ConvolutionSpec one) in network.Convolutions)
{
    ConvolutionSpec spec = one with { Batch = batch, FrozenWeights = batch == 1 };
    int inputs = batch * spec.InChannels * spec.InHeight * spec.InWidth, outputs = batch * spec.OutChannels * spec.OutHeight * spec.OutWidth;
    int weights = spec.OutChannels * (spec.InChannels / spec.Groups) * spec.KernelHeight * spec.KernelWidth;
    double flops = 2.0 * outputs * (spec.InChannels / spec.Groups) * spec.KernelHeight * spec.KernelWidth;
    using IConvolution convolution = backend.Prepare(spec);
    using var b = new Buffers(backend, inputs, weights, spec.OutChannels, outputs);
    Time(name, "forward", flops, 4.0 * (inputs + weights + outputs), () => convolution.Forward(b.Input, b.Weights, b.Bias, b.Output));
    if (batch == 1) continue;
    if (name != "conv1") Time(name, "backward data", flops, 4.0 * (inputs + weights + outputs), () => convolution.BackwardData(b.OutputDiff, b.Weights, b.InputDiff));
    Time(name, "backward weights", flops, 4.0 * (inputs + weights + outputs), () => convolution.BackwardWeights(b.Input, b.OutputDiff, b.WeightsDiff, b.BiasDiff));
}
foreach ((string name, int inputs, int outputs) in network.InnerProducts)
{
    double flops = 2.0 * batch * inputs * outputs;
    var spec = new InnerProductSpec { Batch = batch, Inputs = inputs, Outputs = outputs, FuseRelu = true, FrozenWeights = batch == 1 };
    using IInnerProduct product = backend.Prepare(spec);
    using var b = new Buffers(backend, batch * inputs, inputs * outputs, outputs, batch * outputs);
    double bytes = 4.0 * inputs * outputs;
    Time(name, "forward", flops, bytes, () => product.Forward(b.Input, b.Weights, b.Bias, b.Output));
    if (batch == 1) continue;
    Time(name, "backward data", flops, bytes, () => product.BackwardData(b.OutputDiff, b.Weights, b.InputDiff));
    Time(name, "backward weights", flops, 2 * bytes, () => product.BackwardWeights(b.Input, b.OutputDiff, b.WeightsDiff, b.BiasDiff));
}
Console.WriteLine($"{"all",-26}{totalMs,10:F3}{totalFlops / totalMs / 1e6,10:F1}{totalFlops / totalMs / 1e-3 / peakFlops,10:P1}   (peak {peakFlops / 1e9:F0} GFLOP/s)");
if (batch == 1) TimeWhole();

void Time(string layer, string pass, double flops, double bytes, Action action)
{
    if (!layer.Contains(onlyLayer, StringComparison.Ordinal) || !pass.Contains(onlyPass, StringComparison.Ordinal)) return;
    action();
    backend.Synchronize();
    double best = double.MaxValue;
    for (int round = 0; round < rounds; round++)
    {
        TimeSpan used = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        action();
        backend.Synchronize();
        best = Math.Min(best, (cpuClock ? Environment.CpuUsage.TotalTime - used : Stopwatch.GetElapsedTime(start)).TotalMilliseconds);
        // The peak is the best seen in the run: the machine's clock and its other guests vary.
        if (round % 4 == 0) peakFlops = Math.Max(peakFlops, PeakMeasurement.MeasureFlops(cpu));
    }
    totalMs += best;
    totalFlops += flops;
    Console.WriteLine($"{layer,-8}{pass,-18}{best,10:F3}{flops / best / 1e6,10:F1}{flops / best / 1e-3 / peakFlops,10:P1}{bytes / best / 1e6,8:F1}");
}

// The innermost kernel alone, on panels of several depths that stay in the caches.
unsafe void TimeKernel()
{
    GemmKernel kernel = cpu.Kernels.Gemm;
    using var left = new HostBuffer(kernel.LeftPanel(4096));
    using var right = new HostBuffer(kernel.RightPanel(4096));
    using var tile = new HostBuffer(kernel.Rows * kernel.Columns);
    foreach (int depth in new[] { 64, 128, 256, 512, 1024, 2048 })
    {
        int repeats = 8 << 20 >> int.Log2(depth) >> 4;
        Time("kernel", $"depth {depth}", 2.0 * kernel.Rows * kernel.Columns * depth * repeats, 0, () =>
        {
            for (int i = 0; i < repeats; i++)
                kernel.Multiply(left.Pointer, right.Pointer, depth, tile.Pointer, kernel.Columns, false, kernel.Rows, kernel.Columns);
        });
    }
}

// One image through all these layers, so that each layer's weights have left the caches when their turn comes again.
void TimeWhole()
{
    var steps = new List<Action>();
    var owned = new List<IDisposable>();
    foreach ((_, ConvolutionSpec one) in network.Convolutions)
    {
        ConvolutionSpec spec = one with { FrozenWeights = true };
        IConvolution convolution = backend.Prepare(spec);
        var b = new Buffers(backend, spec.InChannels * spec.InHeight * spec.InWidth,
            spec.OutChannels * (spec.InChannels / spec.Groups) * spec.KernelHeight * spec.KernelWidth, spec.OutChannels, spec.OutChannels * spec.OutHeight * spec.OutWidth);
        owned.AddRange([convolution, b]);
        steps.Add(() => convolution.Forward(b.Input, b.Weights, b.Bias, b.Output));
    }
    foreach ((_, int inputs, int outputs) in network.InnerProducts)
    {
        IInnerProduct product = backend.Prepare(new InnerProductSpec { Batch = 1, Inputs = inputs, Outputs = outputs, FuseRelu = true, FrozenWeights = true });
        var b = new Buffers(backend, inputs, inputs * outputs, outputs, outputs);
        owned.AddRange([product, b]);
        steps.Add(() => product.Forward(b.Input, b.Weights, b.Bias, b.Output));
    }
    double best = double.MaxValue;
    for (int round = 0; round < Math.Max(20, rounds); round++)
    {
        long start = Stopwatch.GetTimestamp();
        foreach (Action step in steps) step();
        backend.Synchronize();
        best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }
    Console.WriteLine($"one image through all of them: {best:F3} ms");
    foreach (IDisposable item in owned) item.Dispose();
}

/// <summary>The buffers of one layer, filled with small random values.</summary>
internal sealed class Buffers : IDisposable
{
    private readonly List<DeviceBuffer> _all = [];

    public Buffers(IBackend backend, int inputs, int weights, int bias, int outputs)
    {
        Input = Make(backend, inputs);
        InputDiff = Make(backend, inputs);
        Weights = Make(backend, weights);
        WeightsDiff = Make(backend, weights);
        Bias = Make(backend, bias);
        BiasDiff = Make(backend, bias);
        Output = Make(backend, outputs);
        OutputDiff = Make(backend, outputs);
    }

    public DeviceBuffer Input { get; }

    public DeviceBuffer InputDiff { get; }

    public DeviceBuffer Weights { get; }

    public DeviceBuffer WeightsDiff { get; }

    public DeviceBuffer Bias { get; }

    public DeviceBuffer BiasDiff { get; }

    public DeviceBuffer Output { get; }

    public DeviceBuffer OutputDiff { get; }

    public void Dispose() => _all.ForEach(buffer => buffer.Dispose());

    private DeviceBuffer Make(IBackend backend, int count)
    {
        DeviceBuffer buffer = backend.Allocate(count);
        var random = new CounterRandom(1, (ulong)_all.Count);
        Span<float> values = buffer.Write();
        for (int i = 0; i < values.Length; i++) values[i] = random.Uniform((ulong)(i & 0xFFFF)) - 0.5f;
        _all.Add(buffer);
        return buffer;
    }
}
