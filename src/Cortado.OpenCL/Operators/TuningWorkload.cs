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
    private const double Tolerance = 1e-4;
    private const int Measurements = 5;
    private const double LeastSeconds = 0.02;

    private readonly ConvolutionSpec _convolution;
    private readonly InnerProductSpec _product;
    private readonly List<(string Name, float[] Values)> _expected;

    /// <summary>Prepares the work for a device; <paramref name="batch"/> scales it.</summary>
    public TuningWorkload(int batch)
    {
        _convolution = new ConvolutionSpec
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
        _product = new InnerProductSpec { Batch = 8 * batch, Inputs = 1024, Outputs = 512 };
        double multiplyAdds = 3.0 * batch * 169 * 96 * 64 * 9 + 3.0 * _product.Batch * 1024 * 512;
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
                if (!(difference <= Tolerance)) return (0, string.Format(CultureInfo.InvariantCulture, "wrong: {0} differs by {1:G2} of its largest value", name, difference));
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

    /// <summary>The work on one backend.</summary>
    private sealed class Run : IDisposable
    {
        private readonly List<IDisposable> _made = new();
        private readonly IBackend _backend;
        private readonly IConvolution _convolution;
        private readonly IInnerProduct _product;
        private readonly DeviceBuffer _x, _w, _bias, _y, _dy, _dx, _dw, _px, _pw, _pbias, _py, _pdy, _pdx, _pdw;

        public Run(IBackend backend, TuningWorkload work)
        {
            _backend = backend;
            ConvolutionSpec c = work._convolution;
            InnerProductSpec p = work._product;
            _convolution = Keep(backend.Prepare(c));
            _product = Keep(backend.Prepare(p));
            int inputs = c.Batch * c.InChannels * c.InHeight * c.InWidth, outputs = c.Batch * c.OutChannels * c.OutHeight * c.OutWidth, weights = c.OutChannels * c.InChannels * 9;
            (_x, _w, _bias, _y, _dy, _dx, _dw) = (Random(inputs), Random(weights), Random(c.OutChannels), Random(outputs), Random(outputs), Random(inputs), Random(weights));
            (_px, _pw, _pbias, _py) = (Random(p.Batch * p.Inputs), Random(p.Inputs * p.Outputs), Random(p.Outputs), Random(p.Batch * p.Outputs));
            (_pdy, _pdx, _pdw) = (Random(p.Batch * p.Outputs), Random(p.Batch * p.Inputs), Random(p.Inputs * p.Outputs));
        }

        public void Once()
        {
            _convolution.Forward(_x, _w, _bias, _y);
            _convolution.BackwardData(_dy, _w, _dx);
            _convolution.BackwardWeights(_x, _dy, _dw, null);
            _product.Forward(_px, _pw, _pbias, _py);
            _product.BackwardData(_pdy, _pw, _pdx);
            _product.BackwardWeights(_px, _pdy, _pdw, null);
        }

        public List<(string Name, float[] Values)> Results() => new()
        {
            ("a convolution's output", _y.Read().ToArray()), ("the gradient of its input", _dx.Read().ToArray()), ("the gradient of its weights", _dw.Read().ToArray()),
            ("a product", _py.Read().ToArray()), ("the gradient of its input", _pdx.Read().ToArray()), ("the gradient of its weights", _pdw.Read().ToArray()),
        };

        public void Dispose()
        {
            for (int i = _made.Count - 1; i >= 0; i--) _made[i].Dispose();
        }

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
