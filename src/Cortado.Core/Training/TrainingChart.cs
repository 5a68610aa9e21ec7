namespace Cortado.Training;

/// <summary>What a line of a chart shows, and so which axis it belongs to.</summary>
public enum ChartSeries
{
    /// <summary>The training network's loss, on the axis of losses.</summary>
    Loss,

    /// <summary>A test's loss, on the axis of losses.</summary>
    TestLoss,

    /// <summary>A test's accuracy, on the axis from 0 to 1.</summary>
    Accuracy,
}

/// <summary>A corner of a line, in the unit square: (0, 0) is left and below.</summary>
/// <param name="X">How far right.</param>
/// <param name="Y">How far up.</param>
/// <param name="Begins">Whether no stroke leads to it: the first of a line, and the first after a value that was not finite.</param>
public readonly record struct ChartPoint(float X, float Y, bool Begins);

/// <summary>A mark at an axis.</summary>
/// <param name="Position">From 0 to 1 along it.</param>
/// <param name="Value">Its number.</param>
public readonly record struct ChartTick(float Position, double Value);

/// <summary>
/// The curves of a training in the unit square, as many points as there are pixel columns whatever the number of iterations: a canvas scales and strokes
/// them and knows nothing of trainings.
/// </summary>
public sealed class TrainingChart
{
    private const int Ticks = 4;

    private readonly List<ChartPoint> _loss = new(), _band = new();
    private readonly List<ChartLine> _tests = new();
    private CurvePoint[] _samples = Array.Empty<CurvePoint>();
    private double _least, _most;
    private int _start, _end;

    /// <summary>The loss, smoothed over each pixel column.</summary>
    public IReadOnlyList<ChartPoint> Loss => _loss;

    /// <summary>Around the loss the least and the largest of each column: pairs of points, below and above.</summary>
    public IReadOnlyList<ChartPoint> Band => _band;

    /// <summary>A line for each output of the tests.</summary>
    public IReadOnlyList<ChartLine> Tests => _tests;

    /// <summary>Marks along the iterations.</summary>
    public IReadOnlyList<ChartTick> IterationTicks { get; private set; } = Array.Empty<ChartTick>();

    /// <summary>Marks along the losses.</summary>
    public IReadOnlyList<ChartTick> LossTicks { get; private set; } = Array.Empty<ChartTick>();

    /// <summary>The first iteration with a loss that is not finite, in the unit square's X; null for none.</summary>
    public float? Diverged { get; private set; }

    /// <summary>Makes the lines anew.</summary>
    /// <param name="history">The curves.</param>
    /// <param name="maxIterations">Where the axis ends; 0 for the last iteration.</param>
    /// <param name="columns">Pixel columns.</param>
    public void Update(TrainingHistory history, int maxIterations, int columns)
    {
        _loss.Clear();
        _band.Clear();
        _tests.Clear();
        Diverged = null;
        if (_samples.Length != Math.Max(1, columns)) _samples = new CurvePoint[Math.Max(1, columns)];
        int count = history.SampleLosses(_samples);
        TestPoint[] tests = history.Tests();
        _start = history.FirstIteration;
        _end = Math.Max(Math.Max(maxIterations, _start + history.Count), _start + 1);
        Measure(count, tests);
        IterationTicks = AxisTicks.Of(_start, _end, Ticks);
        LossTicks = AxisTicks.Of(_least, _most, Ticks);
        AddLosses(count);
        foreach (TestPoint test in tests) LineOf(test).Add(X(test.Iteration), IsAccuracy(test.Output) ? test.Value : Y(test.Value));
    }

    // Losses stand on an axis from 0; a spike may leave it above, so that one bad step does not flatten all others.
    private void Measure(int count, TestPoint[] tests)
    {
        var values = new List<float>();
        for (int i = 0; i < count; i++)
            if (float.IsFinite(_samples[i].Mean)) values.Add(_samples[i].Mean);
        foreach (TestPoint test in tests)
            if (!IsAccuracy(test.Output) && float.IsFinite(test.Value)) values.Add(test.Value);
        values.Sort();
        float usual = values.Count == 0 ? 1 : values[(int)(0.98 * (values.Count - 1))];
        _least = values.Count == 0 ? 0 : Math.Min(0, values[0]);
        _most = AxisTicks.RoundUp(_least + 1.05 * Math.Max(usual - _least, 1e-6));
    }

    private void AddLosses(int count)
    {
        bool begins = true;
        for (int i = 0; i < count; i++)
        {
            CurvePoint sample = _samples[i];
            float x = X(sample.Iteration);
            if (float.IsNaN(sample.Mean))
            {
                Diverged ??= x;
                begins = true;
                continue;
            }
            _band.Add(new ChartPoint(x, Y(sample.Least), begins));
            _band.Add(new ChartPoint(x, Y(sample.Most), begins));
            _loss.Add(new ChartPoint(x, Y(sample.Mean), begins));
            begins = false;
        }
    }

    private ChartLine LineOf(TestPoint test)
    {
        foreach (ChartLine line in _tests)
            if (line.Net == test.Net && line.Output == test.Output) return line;
        var added = new ChartLine(test.Net, test.Output, IsAccuracy(test.Output) ? ChartSeries.Accuracy : ChartSeries.TestLoss);
        _tests.Add(added);
        return added;
    }

    // Outputs have no type in a report; Caffe's networks and their logs all name it so.
    private static bool IsAccuracy(string output) => output.IndexOf("acc", StringComparison.OrdinalIgnoreCase) >= 0;

    private float X(int iteration) => (float)(iteration - _start) / (_end - _start);

    private float Y(float loss) => (float)Math.Min(1, Math.Max(0, (loss - _least) / (_most - _least)));
}

/// <summary>One output of the tests as a line.</summary>
public sealed class ChartLine
{
    private readonly List<ChartPoint> _points = new();
    private bool _broken = true;

    internal ChartLine(int net, string output, ChartSeries series)
    {
        Net = net;
        Output = output;
        Series = series;
    }

    /// <summary>The test network's number.</summary>
    public int Net { get; }

    /// <summary>The output's name.</summary>
    public string Output { get; }

    /// <summary>Which axis it belongs to.</summary>
    public ChartSeries Series { get; }

    /// <summary>Its corners.</summary>
    public IReadOnlyList<ChartPoint> Points => _points;

    internal void Add(float x, float y)
    {
        if (float.IsFinite(y)) _points.Add(new ChartPoint(x, Math.Min(1, Math.Max(0, y)), _broken));
        _broken = !float.IsFinite(y);
    }
}
