using Cortado.Layers;
using Cortado.Nets;
using Cortado.Solvers;

namespace Cortado.Diagnostics.Monitoring;

/// <summary>Sees a loss that stays at ln(classes), the loss of guessing, or at 87.3365, the largest that a softmax loss can be.</summary>
internal sealed class PinnedLossWatch
{
    /// <summary>-ln(FLT_MIN): what a softmax loss gives where the right class has probability 0.</summary>
    private const double Saturated = 87.33654;

    // BVLC Caffe on an AlexNet that learns well sits at ln 2 for 260 iterations first; only a longer stay means something.
    private const int Window = 500;
    private const int SaturatedRun = 10;

    private readonly float[] _last = new float[Window];
    private int _count, _saturated;
    private bool _saidGuessing, _saidSaturated, _looked;
    private double _guess;
    private string _layer = "";

    public Finding? Check(Solver solver, IterationReport report)
    {
        if (!_looked) Look(solver.Net);
        if (_guess <= 0) return null;
        float loss = report.Loss;
        _saturated = Math.Abs(loss - Saturated) < 0.01 ? _saturated + 1 : 0;
        if (_saturated == SaturatedRun && !_saidSaturated)
        {
            _saidSaturated = true;
            return Finding(report, Saturated, Severity.Error,
                FormattableString.Invariant($"The loss has been 87.3365 for {SaturatedRun} iterations: the network gives every image's right class a probability of 0."),
                "87.3365 is -ln of the smallest float, the largest loss that there is. The scores have grown so large that the softmax is saturated, and its gradient says nothing any more. The learning rate or the input is too large.");
        }
        _last[_count++ % Window] = loss;
        if (_count < Window || _count % 50 != 0 || _saidGuessing) return null;
        (double mean, double deviation) = Spread();
        if (Math.Abs(mean - _guess) > 0.01 * _guess || deviation > 0.01 * _guess) return null;
        _saidGuessing = true;
        return Finding(report, mean, Severity.Warning,
            FormattableString.Invariant($"The loss has stayed at {mean:0.####} for {Window} iterations (standard deviation {deviation:0.#####}): that is ln(classes) = {_guess:0.####}, the loss of guessing."),
            "The network gives every image the same answer. Either it has not begun to learn (the learning rate is too small, or the first weights), or it was thrown back by steps that were too large and its ReLUs are dead: look whether the loss had spikes before.");
    }

    private Finding Finding(IterationReport report, double measured, Severity severity, string summary, string why) => new()
    {
        Rule = "loss-pinned",
        Severity = severity,
        Subject = $"layer '{_layer}'",
        Iteration = report.Iteration,
        Measured = new Measurement("loss", measured),
        Expected = new ExpectedRange(null, 0.9 * _guess),
        Summary = summary,
        Why = why,
    };

    private (double Mean, double Deviation) Spread()
    {
        double sum = 0, squares = 0;
        foreach (float loss in _last)
        {
            sum += loss;
            squares += (double)loss * loss;
        }
        double mean = sum / Window;
        return (mean, Math.Sqrt(Math.Max(0, squares / Window - mean * mean)));
    }

    // Only a network whose whole loss is one softmax loss of weight 1 can be compared with ln(classes).
    private void Look(Net net)
    {
        _looked = true;
        int losses = 0;
        foreach (NetLayer layer in net.Layers)
        {
            if (layer.LossWeights.Length == 0 || layer.LossWeights[0] == 0) continue;
            losses++;
            if (layer.Layer is not SoftmaxWithLossLayer || layer.LossWeights[0] != 1) continue;
            _guess = Math.Log(FirstBatchProbe.ClassCount(layer));
            _layer = layer.Layer.Name;
        }
        if (losses != 1) _guess = 0;
    }
}
