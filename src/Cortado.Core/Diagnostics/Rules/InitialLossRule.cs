using Cortado.Formats;

namespace Cortado.Diagnostics.Rules;

/// <summary>A first loss far from that of guessing.</summary>
public sealed class InitialLossRule : IRule
{
    /// <inheritdoc/>
    public string Id => "initial-loss";

    /// <inheritdoc/>
    public IEnumerable<Finding> Check(Examination examination)
    {
        // A network that starts from trained weights has no reason to guess.
        if (examination.Probe == null || examination.StartsFromWeights) yield break;
        foreach (LayerParameter layer in examination.Files.TrainLayers())
        {
            if (!examination.Probe.Losses.TryGetValue(layer.Name, out float loss) || !examination.Probe.Classes.TryGetValue(layer.Name, out int classes)) continue;
            if (classes < 2 || layer.LossParam is { HasNormalization: true } or { HasNormalize: true } or { HasIgnoreLabel: true }) continue;
            double guess = Math.Log(classes);
            if (loss <= 2 * guess + 0.5 && loss >= 0.3 * guess) continue;
            bool high = !(loss < guess);
            yield return new Finding
            {
                Rule = Id,
                Severity = Severity.Warning,
                Subject = $"layer '{layer.Name}'",
                Place = examination.Files.Train.Place(layer),
                Measured = new Measurement("loss of the first batch", loss),
                Expected = new ExpectedRange(0.3 * guess, 2 * guess + 0.5),
                Summary = FormattableString.Invariant($"The first batch has a loss of {loss:0.####}; a network of {classes} classes that knows nothing has ln({classes}) = {guess:0.####}."),
                Why = high
                    ? "The untrained network is already sure of wrong answers: its scores are too large, from weights or inputs that are too large. The first steps will be violent."
                    : "The untrained network already answers right: the labels leak into the input, or the labels are nearly all the same.",
            };
        }
    }
}
