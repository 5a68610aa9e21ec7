using Cortado.Formats;
using Cortado.Solvers;

namespace Cortado.Training;

/// <summary>
/// The curves of a training: the loss of every iteration (four bytes each), the learning rate where it changed, every test's
/// outputs. One thread adds, any may read at any time and gets a copy.
/// </summary>
public sealed class TrainingHistory
{
    private const int ChunkSize = 4096;

    private readonly object _lock = new();
    private readonly List<float[]> _losses = new();
    private readonly List<RatePoint> _rates = new();
    private readonly List<TestPoint> _tests = new();
    private int _first, _count;

    /// <summary>The first iteration in the history.</summary>
    public int FirstIteration
    {
        get { lock (_lock) return _first; }
    }

    /// <summary>How many iterations are in it.</summary>
    public int Count
    {
        get { lock (_lock) return _count; }
    }

    /// <summary>Adds an iteration. The closing report adds its test only.</summary>
    public void Add(IterationReport report)
    {
        lock (_lock)
        {
            for (int i = 0; i < report.Tests.Count; i++) AddTest(report.Tests[i]);
            if (!report.Closing) AddLoss(report.Iteration, report.Loss, report.LearningRate);
        }
    }

    /// <summary>Copies losses, from the iteration numbered <paramref name="from"/> on, as many as there are and fit; returns how many.</summary>
    public int CopyLosses(int from, Span<float> destination)
    {
        lock (_lock)
        {
            int start = from - _first;
            if (start < 0 || start >= _count) return 0;
            int copied = Math.Min(destination.Length, _count - start);
            for (int done = 0; done < copied;)
            {
                int at = start + done, part = Math.Min(ChunkSize - at % ChunkSize, copied - done);
                _losses[at / ChunkSize].AsSpan(at % ChunkSize, part).CopyTo(destination[done..]);
                done += part;
            }
            return copied;
        }
    }

    /// <summary>
    /// The whole loss curve in as many stretches of equal length as fit, for drawing: one a pixel column, whatever the number of iterations. Allocates
    /// nothing; returns how many points were filled.
    /// </summary>
    public int SampleLosses(Span<CurvePoint> points)
    {
        lock (_lock)
        {
            int filled = Math.Min(points.Length, _count);
            for (int i = 0; i < filled; i++)
                points[i] = Stretch((int)((long)_count * i / filled), (int)((long)_count * (i + 1) / filled));
            return filled;
        }
    }

    /// <summary>A copy of all test results.</summary>
    public TestPoint[] Tests()
    {
        lock (_lock) return _tests.ToArray();
    }

    /// <summary>A copy of the learning rates: each where it began.</summary>
    public RatePoint[] LearningRates()
    {
        lock (_lock) return _rates.ToArray();
    }

    /// <summary>Writes the curves to a file; an existing one is replaced only when all is on disk.</summary>
    /// <exception cref="CortadoException">It cannot be written.</exception>
    public void Save(string path)
    {
        lock (_lock) AtomicFile.Write(path, stream => HistoryFile.Write(stream, _first, Losses(), _rates, _tests));
    }

    /// <summary>Reads the curves that <see cref="Save"/> wrote, as far as an iteration: what a training that goes on from there has behind it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="end">Updates done: later points are left out.</param>
    /// <exception cref="CortadoException">It cannot be read, or is no such file.</exception>
    public static TrainingHistory Load(string path, int end = int.MaxValue)
    {
        (int first, float[] losses, RatePoint[] rates, TestPoint[] tests) = HistoryFile.Read(path);
        var history = new TrainingHistory();
        int rate = 0;
        for (int i = 0; i < losses.Length && first + i < end; i++)
        {
            while (rate + 1 < rates.Length && rates[rate + 1].Iteration <= first + i) rate++;
            history.AddLoss(first + i, losses[i], rates[rate].Rate);
        }
        foreach (TestPoint test in tests)
            if (test.Iteration < end) history._tests.Add(test);
        return history;
    }

    private float[] Losses()
    {
        var losses = new float[_count];
        CopyLosses(_first, losses);
        return losses;
    }

    internal void AddLoss(int iteration, float loss, float rate)
    {
        lock (_lock)
        {
            if (_count == 0) _first = iteration;
            if (_count % ChunkSize == 0) _losses.Add(new float[ChunkSize]);
            _losses[_count / ChunkSize][_count % ChunkSize] = loss;
            _count++;
            if (_rates.Count == 0 || !_rates[^1].Rate.Equals(rate)) _rates.Add(new RatePoint(iteration, rate));
        }
    }

    private void AddTest(TestReport test)
    {
        IReadOnlyList<NetScore> scores = test.Scores;
        for (int i = 0; i < scores.Count; i++)
            _tests.Add(new TestPoint(test.Iteration, test.Net, scores[i].Name, scores[i].Value));
    }

    private CurvePoint Stretch(int start, int end)
    {
        float least = float.PositiveInfinity, most = float.NegativeInfinity;
        double sum = 0;
        for (int i = start; i < end; i++)
        {
            float loss = _losses[i / ChunkSize][i % ChunkSize];
            if (float.IsNaN(loss) || float.IsInfinity(loss)) return new CurvePoint(_first + start, float.NaN, float.NaN, float.NaN);
            least = Math.Min(least, loss);
            most = Math.Max(most, loss);
            sum += loss;
        }
        return new CurvePoint(_first + start, least, most, (float)(sum / (end - start)));
    }
}
