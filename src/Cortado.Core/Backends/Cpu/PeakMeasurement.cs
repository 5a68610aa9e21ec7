using System.Diagnostics;
using Cortado.Tensors;

namespace Cortado.Backends.Cpu;

/// <summary>
/// What this machine can do at best with the backend's threads and vectors, measured now: the yardstick for reported speeds. A busy
/// or throttled machine shows here as it shows in the operators.
/// </summary>
public sealed class PeakMeasurement
{
    private const int Rounds = 5;

    private PeakMeasurement(double flops, double bandwidth)
    {
        FlopsPerSecond = flops;
        ReadBytesPerSecond = bandwidth;
    }

    /// <summary>Floating-point operations per second of multiply-adds on registers, each counted as two, on all threads.</summary>
    public double FlopsPerSecond { get; }

    /// <summary>Bytes per second read from memory too large for the caches, on all threads.</summary>
    public double ReadBytesPerSecond { get; }

    /// <summary>Measures a backend; takes about a tenth of a second, and 128 MiB for that time.</summary>
    public static PeakMeasurement Measure(CpuBackend backend) => new(MeasureFlops(backend), MeasureBandwidth(backend));

    /// <summary>Measures the multiply-adds alone; takes some 20 milliseconds.</summary>
    public static double MeasureFlops(CpuBackend backend)
    {
        var work = new MultiplyAdds(backend.Kernels.Peak, backend.Workers.Count);
        double seconds = Best(backend, work, backend.Workers.Count);
        return work.FlopsOfAPart * backend.Workers.Count / seconds;
    }

    private static double MeasureBandwidth(CpuBackend backend)
    {
        using var buffer = new HostBuffer(32 << 20);
        buffer.Write().Fill(1);
        var work = new Reads(backend.Kernels.Pack, buffer);
        return buffer.Count * (double)sizeof(float) / Best(backend, work, Reads.Parts);
    }

    private static double Best(CpuBackend backend, IParallelWork work, int parts)
    {
        double best = double.MaxValue;
        for (int round = 0; round <= Rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            backend.Workers.Run(work, parts);
            double seconds = (Stopwatch.GetTimestamp() - start) / (double)Stopwatch.Frequency;
            if (round > 0) best = Math.Min(best, seconds);
        }
        return best;
    }

    private sealed class MultiplyAdds : IParallelWork
    {
        private const int Repeats = 100_000;

        private readonly PeakKernel _kernel;
        private readonly float[] _results;

        public MultiplyAdds(PeakKernel kernel, int parts)
        {
            _kernel = kernel;
            _results = new float[parts];
        }

        public double FlopsOfAPart => (double)_kernel.FlopsPerRepeat * Repeats;

        public void Run(int index) => _results[index] = _kernel.Run(Repeats);
    }

    private sealed unsafe class Reads : IParallelWork
    {
        public const int Parts = 64;

        private readonly PackKernel _kernel;
        private readonly HostBuffer _buffer;
        private readonly float[] _results = new float[Parts];

        public Reads(PackKernel kernel, HostBuffer buffer)
        {
            _kernel = kernel;
            _buffer = buffer;
        }

        public void Run(int index)
        {
            int share = _buffer.Count / Parts;
            _results[index] = _kernel.Sum(_buffer.Pointer + (nint)index * share, share);
        }
    }
}
