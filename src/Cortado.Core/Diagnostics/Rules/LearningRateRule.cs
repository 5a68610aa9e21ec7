using Cortado.Formats;

namespace Cortado.Diagnostics.Rules;

/// <summary>A learning rate too large for a deep network without normalisation.</summary>
/// <remarks>
/// With momentum m a steady gradient is applied 1 / (1 - m) times over, so base_lr / (1 - momentum) is the rate that counts. Plain
/// deep networks with small Gaussian weights (AlexNet, CaffeNet, VGG as published) train at 0.1; BVLC Caffe on an AlexNet at 0.3 left its
/// plateau in spikes and fell back to guessing, and at 0.1 reached accuracy 1 on the same data.
/// </remarks>
public sealed class LearningRateRule : IRule
{
    /// <summary>base_lr / (1 - momentum) at which such networks are published.</summary>
    public const double Usual = 0.1;

    /// <summary>Beyond this, a warning.</summary>
    public const double Limit = 0.2;

    private const int DeepLayers = 5;

    /// <inheritdoc/>
    public string Id => "learning-rate";

    /// <inheritdoc/>
    public IEnumerable<Finding> Check(Examination examination)
    {
        SolverParameter solver = examination.Solver;
        if (examination.IsAdaptive || !(solver.BaseLr > 0) || solver.Momentum >= 1 || solver.Momentum < 0) yield break;
        double effective = solver.BaseLr / (1 - (double)solver.Momentum);
        if (effective <= Limit * 1.0001 || !IsPlainDeep(examination)) yield break;
        string better = RoundRate.Down(Usual * (1 - (double)solver.Momentum));
        PrototxtEdit? edit = examination.Files.SetSolver("base_lr", better);
        yield return new Finding
        {
            Rule = Id,
            Severity = Severity.Warning,
            Subject = "solver field base_lr",
            Place = examination.Files.SolverPlace("base_lr"),
            Measured = new Measurement("base_lr / (1 - momentum)", effective),
            Expected = new ExpectedRange(0, Usual),
            Summary = FormattableString.Invariant($"base_lr {solver.BaseLr:0.######} with momentum {solver.Momentum:0.###} moves weights at a rate of {effective:0.###}; plain deep networks train at {Usual:0.###}."),
            Why = "The network is deep, starts from small Gaussian weights and has no normalisation: it sits at the loss of guessing for a few hundred iterations, then its gradients grow all at once. At this rate the spikes throw it back to guessing for good. Scaling the input alone does not cure that.",
            Edits = edit == null ? Array.Empty<PrototxtEdit>() : new[] { edit },
        };
    }

    private static bool IsPlainDeep(Examination examination)
    {
        int deep = 0, gaussian = 0;
        foreach (LayerParameter layer in examination.LearningLayers())
        {
            deep++;
            FillerParameter? filler = layer.Type == "InnerProduct" ? layer.InnerProductParam?.WeightFiller : layer.ConvolutionParam?.WeightFiller;
            if (filler?.Type is "gaussian" or "uniform") gaussian++;
        }
        foreach (LayerParameter layer in examination.Files.TrainLayers())
            if (layer.Type is "BatchNorm" or "MVN") return false;
        return deep >= DeepLayers && gaussian * 2 > deep;
    }
}
