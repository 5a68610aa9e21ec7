using Cortado.Nets;
using Cortado.Solvers;
using Cortado.Tensors;

namespace Cortado.Diagnostics.Monitoring;

/// <summary>
/// Measures how far an update moves each layer's weights, relative to their size, on a fixed sample of each weight array: a few
/// thousand numbers, whatever the rule of the solver. A healthy training moves them by about a thousandth.
/// </summary>
internal sealed class UpdateRatioWatch
{
    /// <summary>An update of half the weights' own size replaces what was learnt.</summary>
    private const double Limit = 0.5;

    private const int SamplesPerArray = 1024;
    private const int Every = 10;

    private Sample[]? _samples;
    private int _remembered = -1;

    /// <summary>The largest ratio of the last iteration that was measured, and its layer.</summary>
    public (string Layer, double Ratio) Largest { get; private set; } = ("", 0);

    public void Remember(Solver solver, int iteration)
    {
        if (iteration % Every != 0) return;
        _samples ??= Samples(solver.Net);
        foreach (Sample sample in _samples) sample.Take();
        _remembered = iteration;
    }

    public Finding? Check(Solver solver, int iteration)
    {
        if (_samples == null || _remembered != iteration) return null;
        Finding? finding = null;
        var largest = ("", 0.0);
        foreach (Sample sample in _samples)
        {
            double ratio = sample.Ratio();
            if (double.IsNaN(ratio) || double.IsInfinity(ratio)) return NonFinite(sample, iteration);
            if (ratio > largest.Item2) largest = (sample.Layer, ratio);
            if (ratio <= Limit || sample.Said || finding != null) continue;
            sample.Said = true;
            finding = new Finding
            {
                Rule = "update-ratio",
                Severity = Severity.Warning,
                Subject = $"layer '{sample.Layer}'",
                Iteration = iteration,
                Measured = new Measurement("root mean square of the update / of the weights", ratio),
                Expected = new ExpectedRange(0, 0.01),
                Summary = FormattableString.Invariant($"One update changed the weights of layer '{sample.Layer}' by {ratio:0.##} times their own size; about 0.001 is usual."),
                Why = "Steps of this size replace what the layer had learnt. The learning rate is too large for the gradients that arise now; the loss usually jumps next.",
            };
        }
        Largest = largest;
        return finding;
    }

    private static Finding NonFinite(Sample sample, int iteration) => new()
    {
        Rule = "non-finite",
        Severity = Severity.Error,
        Subject = $"layer '{sample.Layer}'",
        Iteration = iteration,
        Measured = new Measurement("weights", double.NaN),
        Summary = FormattableString.Invariant($"Weights of layer '{sample.Layer}' are no longer finite after the update of iteration {iteration}, though the loss still is."),
        Why = "A max pooling hides NaN: it compares, and nothing is greater than NaN. So a loss can look sound over broken weights. What the network answers from here on means nothing.",
    };

    private static Sample[] Samples(Net net)
    {
        var samples = new List<Sample>();
        foreach (LearnableParam param in net.Params)
            if (param.LrMult != 0 && param.Blob.Shape.Rank >= 2 && param.Blob.Count > 1)
                samples.Add(new Sample(param.Blob, net.Layers[param.Layer].Layer.Name));
        return samples.ToArray();
    }

    private sealed class Sample
    {
        private readonly Blob _blob;
        private readonly float[] _before;
        private readonly int _stride;

        public Sample(Blob blob, string layer)
        {
            _blob = blob;
            Layer = layer;
            _before = new float[Math.Min(SamplesPerArray, blob.Count)];
            _stride = blob.Count / _before.Length;
        }

        public string Layer { get; }

        public bool Said { get; set; }

        public void Take()
        {
            ReadOnlySpan<float> weights = _blob.ReadData();
            for (int i = 0; i < _before.Length; i++) _before[i] = weights[i * _stride];
        }

        public double Ratio()
        {
            ReadOnlySpan<float> weights = _blob.ReadData();
            double moved = 0, size = 0;
            for (int i = 0; i < _before.Length; i++)
            {
                double change = weights[i * _stride] - (double)_before[i];
                moved += change * change;
                size += (double)_before[i] * _before[i];
            }
            return size > 0 ? Math.Sqrt(moved / size) : double.IsNaN(moved) ? double.NaN : 0;
        }
    }
}
