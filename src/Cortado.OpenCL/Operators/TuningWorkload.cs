using System.Diagnostics;
using System.Globalization;
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

    private readonly List<float[]> _expected = new();
    private readonly double _tolerance;

    /// <summary>Prepares the work for a device; <paramref name="batch"/> scales it.</summary>
    /// <param name="batch">Examples of a convolution.</param>
    /// <param name="tolerance">What a result may differ by, of the largest value.</param>
    /// <param name="threads">Threads of the managed backend; null for all.</param>
    /// <param name="pause">Called after each piece of its work; null for nobody.</param>
    public TuningWorkload(int batch, double tolerance = Tolerance, int? threads = null, Action? pause = null)
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
        Convolutions = new[] { dense, strided };
        Product = new InnerProductSpec { Batch = 8 * batch, Inputs = 1024, Outputs = 512 };
        double multiplyAdds = 3.0 * Product.Batch * 1024 * 512;
        foreach (ConvolutionSpec c in Convolutions)
            multiplyAdds += 3.0 * batch * c.OutHeight * c.OutWidth * c.OutChannels * c.InChannels * c.KernelHeight * c.KernelWidth;
        Flops = 2 * multiplyAdds;
        using CpuBackend cpu = threads is { } count ? new CpuBackend(count) : new CpuBackend();
        using var run = new TuningRun(cpu, this);
        run.Begin(pause);
        Compute(run, pause);
        foreach ((_, DeviceBuffer result) in run.Results()) _expected.Add(result.Read().ToArray());
    }

    /// <summary>The convolutions.</summary>
    public IReadOnlyList<ConvolutionSpec> Convolutions { get; }

    /// <summary>The fully connected layer.</summary>
    public InnerProductSpec Product { get; }

    /// <summary>Floating-point operations of one run.</summary>
    public double Flops { get; }

    /// <summary>Operations per second with the numbers that the backend uses now, or why they will not do.</summary>
    /// <param name="backend">The device.</param>
    /// <param name="run">The arrays on it.</param>
    /// <param name="pause">
    /// Called after each piece of work, when the device has finished it, so that others get their turn: then one command at a time is measured. Null for measuring in a row.
    /// </param>
    public (double FlopsPerSecond, string? Problem) Measure(OpenClBackend backend, TuningRun run, Action? pause)
    {
        try
        {
            run.Begin(pause);
            Compute(run, pause == null ? null : Pause);
            if (Compare(run) is { } wrong) return (0, wrong);
            return (Flops / (pause == null ? InARow() : OneByOne()), null);
        }
        catch (OpenClException failure)
        {
            return (0, FirstLine(failure));
        }
        finally
        {
            run.End();
        }

        void Pause()
        {
            backend.Synchronize();
            pause!();
        }

        double InARow()
        {
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
                    seconds = Seconds(start);
                }
                while (seconds < LeastSeconds);
                best = Math.Min(best, seconds / runs);
            }
            return best;
        }

        double OneByOne()
        {
            double sum = 0;
            foreach (Action pass in run.Passes)
            {
                double best = double.MaxValue;
                for (int i = 0; i < Measurements; i++)
                {
                    long start = Stopwatch.GetTimestamp();
                    pass();
                    backend.Synchronize();
                    best = Math.Min(best, Seconds(start));
                    pause!();
                }
                sum += best;
            }
            return sum;
        }
    }

    private static double Seconds(long since) => (Stopwatch.GetTimestamp() - since) / (double)Stopwatch.Frequency;

    // Twice, for gradients of weights are added to what there is.
    private static void Compute(TuningRun run, Action? pause)
    {
        for (int i = 0; i < 2; i++)
        {
            foreach (Action pass in run.Passes)
            {
                pass();
                pause?.Invoke();
            }
        }
    }

    private string? Compare(TuningRun run)
    {
        int i = 0;
        foreach ((string name, DeviceBuffer result) in run.Results())
        {
            double difference = Difference(_expected[i++], result.Read());
            if (!(difference <= _tolerance)) return string.Format(CultureInfo.InvariantCulture, "wrong: {0} differs by {1:G2} of its largest value", name, difference);
        }
        return null;
    }

    private static double Difference(float[] expected, ReadOnlySpan<float> found)
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

    private static string FirstLine(OpenClException failure)
    {
        string message = failure.Message;
        int line = message.IndexOf('\n', StringComparison.Ordinal);
        return line < 0 ? message : message.Substring(0, line);
    }
}
