using System.Globalization;
using Cortado.Backends;
using Cortado.Formats;
using Cortado.Nets;
using Cortado.Tensors;

namespace Cortado.Tests;

/// <summary>
/// Checks a layer's backward pass against central differences of its forward pass. The objective is a random projection of the
/// network's outputs (a loss counts with its own weight), summed in double from differences of single outputs, so that what a
/// step does not touch adds no rounding.
/// </summary>
/// <remarks>
/// Kinks: inputs lie on a shuffled grid, apart from each other and from zero, so maxima have no ties; where a difference
/// disagrees, smaller steps get a chance, as a step may straddle a kink but a wrong gradient stays wrong at every step.
/// </remarks>
public sealed class GradientChecker : IDisposable
{
    private const double Tolerance = 2e-3;
    private static readonly double[] Steps = [4e-3, 1e-3, 2.5e-4];

    private readonly GradientCase _case;
    private readonly Net _net;
    private readonly Random _random;
    private readonly long[] _cursors;
    private readonly float[][] _projection;
    private readonly float[][] _above;

    private GradientChecker(GradientCase described, IBackend backend, int seed)
    {
        _case = described;
        _random = new Random(seed);
        _net = Net.Build(NetFile.Parse(Prototxt(described), described.Name).Message, new NetOptions
        {
            Backend = backend,
            State = new NetState { Phase = described.Phase },
            Seed = (ulong)seed,
        });
        _cursors = _net.Layers.Select(layer => layer.Layer.Cursor).ToArray();
        FillInputs();
        foreach (LearnableParam param in _net.Params) Fill(param.Blob, described.ParamLow, described.ParamHigh);
        Forward();
        _projection = _net.Outputs.Select(Project).ToArray();
        _above = _net.Outputs.Select(output => new float[output.Count]).ToArray();
    }

    /// <summary>Finds what differs between the layer's gradients and finite differences.</summary>
    /// <param name="described">The layer and its inputs.</param>
    /// <param name="backend">The backend that computes.</param>
    /// <param name="seed">The seed of inputs, weights and projection.</param>
    /// <param name="backwardScale">Scales what is given to the backward pass; other than 1 only to see that the checker notices.</param>
    public static Findings Check(GradientCase described, IBackend backend, int seed = 7, float backwardScale = 1)
    {
        using var checker = new GradientChecker(described, backend, seed);
        return checker.Run(backwardScale);
    }

    /// <inheritdoc/>
    public void Dispose() => _net.Dispose();

    private Findings Run(float backwardScale)
    {
        // Gradients of bottoms are overwritten, those of learnable blobs added to: what lies there before must show.
        const float before = 0.25f;
        foreach (GradientInput input in _case.Inputs) _net.Blob(input.Name).WriteDiff().Fill(1e3f);
        foreach (LearnableParam param in _net.Params) param.Blob.WriteDiff().Fill(before);
        for (int i = 0; i < _projection.Length; i++)
        {
            Span<float> diff = _net.Outputs[i].WriteDiff();
            for (int j = 0; j < diff.Length; j++) diff[j] = _projection[i][j] * backwardScale;
        }
        _net.Backward();

        var findings = new Findings();
        foreach (GradientInput input in _case.Inputs)
            if (input.Check) Compare(input.Name, _net.Blob(input.Name), 0, findings);
        if (_case.CheckParams)
            foreach (LearnableParam param in _net.Params)
                Compare(param.Blob.Name, param.Blob, before, findings);
        return findings;
    }

    private void Compare(string what, Blob blob, float before, Findings findings)
    {
        double[] analytic = new double[blob.Count];
        for (int i = 0; i < analytic.Length; i++) analytic[i] = (double)blob.ReadDiff()[i] - before;
        double largest = analytic.Max(value => Math.Abs(value));
        int wrong = 0;
        string? first = null;
        for (int i = 0; i < analytic.Length; i++)
        {
            double numeric = Numeric(blob, i, analytic[i], largest, out bool agrees);
            if (agrees) continue;
            wrong++;
            first ??= string.Create(CultureInfo.InvariantCulture, $"first [{i}]: backward gives {analytic[i]:G6}, differences {numeric:G6}");
        }
        if (first != null)
            findings.Add($"gradient of {what} ({blob.Shape}): {wrong} of {analytic.Length} values disagree with finite differences; {first}.");
    }

    private double Numeric(Blob blob, int index, double analytic, double largest, out bool agrees)
    {
        double shown = double.NaN;
        float original = blob.ReadData()[index];
        foreach (double step in Steps)
        {
            double numeric = Difference(blob, index, original, (float)step);
            if (double.IsNaN(shown)) shown = numeric;
            double scale = Math.Max(Math.Max(Math.Abs(analytic), Math.Abs(numeric)), 0.05 * largest);
            // The second term is the rounding of float32 outputs of magnitude one, divided by the step.
            agrees = Math.Abs(analytic - numeric) <= Tolerance * scale + 1e-7 / step;
            if (agrees) return numeric;
        }
        agrees = false;
        return shown;
    }

    private double Difference(Blob blob, int index, float original, float step)
    {
        float high = original + step, low = original - step;
        Set(blob, index, high);
        Forward();
        for (int i = 0; i < _above.Length; i++) _net.Outputs[i].ReadData().CopyTo(_above[i]);
        Set(blob, index, low);
        Forward();
        double sum = 0;
        for (int i = 0; i < _above.Length; i++)
        {
            ReadOnlySpan<float> below = _net.Outputs[i].ReadData();
            for (int j = 0; j < below.Length; j++) sum += _projection[i][j] * ((double)_above[i][j] - below[j]);
        }
        Set(blob, index, original);
        return sum / ((double)high - low);
    }

    private void Set(Blob blob, int index, float value)
    {
        blob.Data.Update()[index] = value;
        _net.WeightsChanged();
    }

    private void Forward()
    {
        // The same random numbers each time: a Dropout keeps its mask.
        for (int i = 0; i < _cursors.Length; i++) _net.Layers[i].Layer.Cursor = _cursors[i];
        _net.Forward();
    }

    private void FillInputs()
    {
        int total = _case.Inputs.Where(input => input.Classes == 0).Sum(input => _net.Blob(input.Name).Count);
        int[] places = Enumerable.Range(0, total).ToArray();
        _random.Shuffle(places);
        int next = 0;
        foreach (GradientInput input in _case.Inputs)
        {
            Span<float> data = _net.Blob(input.Name).WriteData();
            for (int i = 0; i < data.Length; i++)
                data[i] = input.Classes > 0 ? _random.Next(input.Classes)
                    : (float)(input.Low + (input.High - input.Low) * (places[next++] + 0.37) / total);
        }
    }

    private void Fill(Blob blob, double low, double high)
    {
        Span<float> data = blob.WriteData();
        for (int i = 0; i < data.Length; i++) data[i] = (float)(low + (high - low) * _random.NextDouble());
    }

    private float[] Project(Blob output)
    {
        foreach (NetLayer layer in _net.Layers)
            for (int i = 0; i < layer.Tops.Length; i++)
                if (layer.Tops[i] == output && layer.LossWeights[i] != 0) return Enumerable.Repeat(layer.LossWeights[i], output.Count).ToArray();
        float[] projection = new float[output.Count];
        for (int i = 0; i < projection.Length; i++)
            projection[i] = (float)((0.5 + _random.NextDouble()) * (_random.Next(2) == 0 ? 1 : -1));
        return projection;
    }

    private static string Prototxt(GradientCase described)
    {
        var text = new System.Text.StringBuilder("force_backward: true layer { name: \"inputs\" type: \"Input\"");
        foreach (GradientInput input in described.Inputs) text.Append($" top: \"{input.Name}\"");
        text.Append(" input_param {");
        foreach (GradientInput input in described.Inputs)
            text.Append($" shape {{{string.Concat(input.Shape.Select(dim => string.Create(CultureInfo.InvariantCulture, $" dim: {dim}")))} }}");
        return text.Append(" } }\n").Append(described.Layers).ToString();
    }
}
