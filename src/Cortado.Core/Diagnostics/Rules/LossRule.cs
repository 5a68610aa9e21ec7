using Cortado.Formats;

namespace Cortado.Diagnostics.Rules;

/// <summary>A training network that has nothing to learn, or nothing to learn it from.</summary>
public sealed class LossRule : IRule
{
    /// <inheritdoc/>
    public string Id => "loss";

    /// <inheritdoc/>
    public IEnumerable<Finding> Check(Examination examination)
    {
        bool loss = false;
        foreach (LayerParameter layer in examination.Files.TrainLayers())
        {
            loss |= layer.LossWeight.Count == 0 && layer.Type.EndsWith("Loss", StringComparison.Ordinal);
            foreach (float weight in layer.LossWeight) loss |= weight != 0;
        }
        if (!loss)
            yield return Template(examination) with
            {
                Summary = "The training network has no loss: no loss layer, and no loss_weight on any other.",
                Why = "Without a loss there is no gradient, so no iteration changes a weight. Is the end of the file missing, or does an include rule leave the loss out of the TRAIN phase?",
            };
        else if (examination.Probe is { Failure: null, Weights.Count: 0 })
            yield return Template(examination) with
            {
                Summary = "No weights of the training network lie on the way to its loss, or all are frozen (lr_mult 0).",
                Why = "No iteration changes a weight.",
            };
    }

    private Finding Template(Examination examination) => new()
    {
        Rule = Id,
        Severity = Severity.Error,
        Subject = "the training network",
        Place = examination.Files.Train.FileName,
        Summary = "",
        Why = "",
    };
}
