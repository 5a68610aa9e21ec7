using System.Globalization;
using Cortado.Backends;
using Cortado.Nets;
using Cortado.Tensors;

namespace Cortado.Tests;

/// <summary>
/// Checks a layer's backward pass against central differences of its forward pass. The objective is that of <see cref="CaseNet"/>, summed in
/// double from differences of single outputs, so that what a step does not touch adds no rounding.
/// </summary>
/// <remarks>
/// Kinks: where a difference disagrees, smaller steps get a chance, as a step may straddle a kink but a wrong gradient stays wrong at
/// every step.
/// </remarks>
public sealed class GradientChecker
{
    private const double Tolerance = 2e-3;
    private static readonly double[] Steps = [4e-3, 1e-3, 2.5e-4];

    private readonly CaseNet _net;
    private readonly float[][] _above;

    private GradientChecker(CaseNet net)
    {
        _net = net;
        _above = net.Net.Outputs.Select(output => new float[output.Count]).ToArray();
    }

    /// <summary>Finds what differs between the layer's gradients and finite differences.</summary>
    /// <param name="described">The layer and its inputs.</param>
    /// <param name="backend">The backend that computes.</param>
    /// <param name="seed">The seed of inputs, weights and projection.</param>
    /// <param name="backwardScale">Scales what is given to the backward pass; other than 1 only to see that the checker notices.</param>
    public static Findings Check(GradientCase described, IBackend backend, int seed = 7, float backwardScale = 1)
    {
        using var net = new CaseNet(described, backend, seed);
        return new GradientChecker(net).Run(backwardScale);
    }

    private Findings Run(float backwardScale)
    {
        // Gradients of bottoms are overwritten, those of learnable blobs added to: what lies there before must show.
        const float before = 0.25f;
        foreach (GradientInput input in _net.Case.Inputs) _net.Net.Blob(input.Name).WriteDiff().Fill(1e3f);
        foreach (LearnableParam param in _net.Net.Params) param.Blob.WriteDiff().Fill(before);
        _net.Backward(backwardScale);

        var findings = new Findings();
        foreach (GradientInput input in _net.Case.Inputs)
            if (input.Check) Compare(input.Name, _net.Net.Blob(input.Name), 0, findings);
        if (_net.Case.CheckParams)
            foreach (LearnableParam param in _net.Net.Params)
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
        for (int i = 0; i < _above.Length; i++) _net.Net.Outputs[i].ReadData().CopyTo(_above[i]);
        Set(blob, index, low);
        double sum = 0;
        for (int i = 0; i < _above.Length; i++)
        {
            ReadOnlySpan<float> below = _net.Net.Outputs[i].ReadData();
            for (int j = 0; j < below.Length; j++) sum += _net.Projection[i][j] * ((double)_above[i][j] - below[j]);
        }
        blob.Data.Update()[index] = original;
        return sum / ((double)high - low);
    }

    private void Set(Blob blob, int index, float value)
    {
        blob.Data.Update()[index] = value;
        _net.Forward();
    }
}
