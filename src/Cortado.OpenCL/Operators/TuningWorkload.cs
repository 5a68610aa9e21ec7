using System.Diagnostics;
using System.Globalization;
using Cortado.Backends;
using Cortado.Backends.Contracts;
using Cortado.Backends.Cpu;
using Cortado.Tensors;

namespace Cortado.OpenCL.Operators;

/// <summary>
/// What candidates of tuning are measured on: the passes of a convolution and of a fully connected layer in training, on random numbers. The managed
/// backend computed them first; a candidate whose results differ is no candidate.
/// </summary>
internal sealed class TuningWorkload
{
    /// <summary>What a result may differ by, of the largest value: sums in another order do by less.</summary>
    public const double Tolerance = 1e-4;

    private const int Measurements = 5;
    private const double LeastSeconds = 0.02;

    private readonly ConvolutionSpec[] _convolutions;
    private readonly InnerProductSpec _product;
    private readonly List<(string Name, float[] Values)> _expected;
    private readonly double _tolerance;

    /// <summary>Prepares the work for a device; <paramref name="batch"/> scales it.</summary>
    public TuningWorkload(int batch, double tolerance = Tolerance)
    {
        _tolerance = tolerance;
        // One that may be computed by tiles of a transform, and one with strides, which cannot.
        var dense = new ConvolutionSpec
        {
            Batch = batch,
            InChannels = 64,
            InHeight = 13,
            InWidth = 13,
            OutChannels = 96,
            KernelHeight = 3,
            KernelWidth = 3,
            PadHeight = 1,
            PadWidth = 1,
        };
        var strided = new ConvolutionSpec
        {
            Batch = batch,
            InChannels = 24,
            InHeight = 27,
            InWidth = 27,
            OutChannels = 96,
            KernelHeight = 5,
            KernelWidth = 5,
            StrideHeight = 2,
            StrideWidth = 2,
        };
        _convolutions = new[] { dense, strided };
        _product = new InnerProductSpec { Batch = 8 * batch, Inputs = 1024, Outputs = 512 };
        double multiplyAdds = 3.0 * _product.Batch * 1024 * 512;
        foreach (ConvolutionSpec c in _convolutions)
            multiplyAdds += 3.0 * batch * c.OutHeight * c.OutWidth * c.OutChannels * c.InChannels * c.KernelHeight * c.KernelWidth;
        Flops = 2 * multiplyAdds;
        using var cpu = new CpuBackend();
        using var run = new Run(cpu, this);
        run.Once();
        _expected = run.Results();
    }

    /// <summary>Floating-point operations of one run.</summary>
    public double Flops { get; }

    /// <summary>Operations per second with the numbers that the backend uses now, or why they will not do.</summary>
    public (double FlopsPerSecond, string? Problem) Measure(OpenClBackend backend)
    {
        try
        {
            using var run = new Run(backend, this);
            run.Once();
            foreach ((string name, float[] expected, float[] found) in Pairs(run.Results()))
            {
                double difference = Difference(expected, found);
                if (!(difference <= _tolerance)) return (0, string.Format(CultureInfo.InvariantCulture, "wrong: {0} differs by {1:G2} of its largest value", name, difference));
            }
            double best = double.MaxValue;
            for (int i = 0; i < Measurements; i++)
            {
                int runs = 0;
                long start = Stopwatch.GetTimestamp();
                double seconds;
                do
                {
                    run.Once();
                    backend.Synchronize();
                    runs++;
                    seconds = (Stopwatch.GetTimestamp() - start) / (double)Stopwatch.Frequency;
                }
                while (seconds < LeastSeconds);
                best = Math.Min(best, seconds / runs);
            }
            return (Flops / best, null);
        }
        catch (OpenClException failure)
        {
            string message = failure.Message;
            int line = message.IndexOf('\n', StringComparison.Ordinal);
            return (0, line < 0 ? message : message.Substring(0, line));
        }
    }

    private static double Difference(float[] expected, float[] found)
    {
        double worst = 0, largest = 1e-30;
        for (int i = 0; i < expected.Length; i++)
        {
            if (float.IsNaN(found[i])) return double.NaN;
            worst = Math.Max(worst, Math.Abs((double)expected[i] - found[i]));
            largest = Math.Max(largest, Math.Abs(expected[i]));
        }
        return worst / largest;
    }

    private IEnumerable<(string Name, float[] Expected, float[] Found)> Pairs(List<(string Name, float[] Values)> found)
    {
        for (int i = 0; i < found.Count; i++) yield return (found[i].Name, _expected[i].Values, found[i].Values);
    }

    private sealed record Arrays(DeviceBuffer X, DeviceBuffer W, DeviceBuffer Bias, DeviceBuffer Y, DeviceBuffer Dy, DeviceBuffer Dx, DeviceBuffer Dw);

    /// <summary>The work on one backend.</summary>
    private sealed class Run : IDisposable
    {
        private readonly List<IDisposable> _made = new();
        private readonly IBackend _backend;
        private readonly List<(IConvolution Operator, Arrays Arrays)> _convolutions = new();
        private readonly IInnerProduct _product;
        private readonly Arrays _productArrays;

        public Run(IBackend backend, TuningWorkload work)
        {
            _backend = backend;
            foreach (ConvolutionSpec c in work._convolutions)
            {
                int inputs = c.Batch * c.InChannels * c.InHeight * c.InWidth, outputs = c.Batch * c.OutChannels * c.OutHeight * c.OutWidth;
                _convolutions.Add((Keep(backend.Prepare(c)), Make(inputs, c.OutChannels * c.InChannels * c.KernelHeight * c.KernelWidth, c.OutChannels, outputs)));
            }
            InnerProductSpec p = work._product;
            _product = Keep(backend.Prepare(p));
            _productArrays = Make(p.Batch * p.Inputs, p.Inputs * p.Outputs, p.Outputs, p.Batch * p.Outputs);
        }

        public void Once()
        {
            foreach ((IConvolution convolution, Arrays a) in _convolutions)
            {
                convolution.Forward(a.X, a.W, a.Bias, a.Y);
                convolution.BackwardData(a.Dy, a.W, a.Dx);
                convolution.BackwardWeights(a.X, a.Dy, a.Dw, null);
            }
            Arrays b = _productArrays;
            _product.Forward(b.X, b.W, b.Bias, b.Y);
            _product.BackwardData(b.Dy, b.W, b.Dx);
            _product.BackwardWeights(b.X, b.Dy, b.Dw, null);
        }

        public List<(string Name, float[] Values)> Results()
        {
            var results = new List<(string, float[])>();
            foreach ((_, Arrays arrays) in _convolutions) Add("a convolution", arrays);
            Add("a product", _productArrays);
            return results;

            void Add(string what, Arrays a)
            {
                results.Add((what + "'s output", a.Y.Read().ToArray()));
                results.Add((what + "'s gradient of its input", a.Dx.Read().ToArray()));
                results.Add((what + "'s gradient of its weights", a.Dw.Read().ToArray()));
            }
        }

        public void Dispose()
        {
            for (int i = _made.Count - 1; i >= 0; i--) _made[i].Dispose();
        }

        private Arrays Make(int inputs, int weights, int biases, int outputs) =>
            new(Random(inputs), Random(weights), Random(biases), Random(outputs), Random(outputs), Random(inputs), Random(weights));

        private DeviceBuffer Random(int count)
        {
            DeviceBuffer buffer = Keep(_backend.Allocate(count));
            var random = new CounterRandom(7, (ulong)_made.Count);
            Span<float> values = buffer.Write();
            for (int i = 0; i < values.Length; i++) values[i] = 2 * random.Uniform((ulong)i) - 1;
            return buffer;
        }

        private T Keep<T>(T made) where T : IDisposable
        {
            _made.Add(made);
            return made;
        }
    }
}
