using Cortado.Formats;

namespace Cortado.Diagnostics.Rules;

/// <summary>Labels outside 0..classes-1, labels of one class only, and databases sorted by class.</summary>
public sealed class LabelRule : IRule
{
    /// <inheritdoc/>
    public string Id => "labels";

    /// <inheritdoc/>
    public IEnumerable<Finding> Check(Examination examination)
    {
        int classes = 0, ignored = int.MinValue;
        foreach (LayerParameter layer in examination.Files.TrainLayers())
            if (layer.Type == "SoftmaxWithLoss" && examination.Probe != null && examination.Probe.Classes.TryGetValue(layer.Name, out int found))
            {
                classes = found;
                if (layer.LossParam is { HasIgnoreLabel: true }) ignored = layer.LossParam.IgnoreLabel;
            }
        if (classes == 0) classes = ClassesFromPrototxt(examination);
        if (classes == 0) yield break;
        foreach (DataSample sample in examination.Samples)
        {
            if (sample.Failure != null || sample.Layer.Top.Count < 2) continue;
            foreach (Finding finding in Check(examination, sample, classes, ignored)) yield return finding;
        }
    }

    private IEnumerable<Finding> Check(Examination examination, DataSample sample, int classes, int ignored)
    {
        long outside = 0;
        int worst = 0;
        foreach ((int label, long count) in sample.Labels)
        {
            if ((label >= 0 && label < classes) || label == ignored) continue;
            outside += count;
            worst = label;
        }
        string subject = $"database '{sample.Layer.DataParam.Source}' ({sample.Phase.ToString().ToUpperInvariant()})";
        string place = sample.Net.Place(sample.Layer);
        if (outside > 0)
        {
            yield return new Finding
            {
                Rule = Id,
                Severity = Severity.Error,
                Subject = subject,
                Place = place,
                Measured = new Measurement("label", worst),
                Expected = new ExpectedRange(0, classes - 1),
                Summary = FormattableString.Invariant($"{outside} of {sample.Sampled} records have a label outside 0..{classes - 1}; the first with label {worst} is '{sample.FirstKeys[worst]}'."),
                Why = FormattableString.Invariant($"The network scores {classes} classes, so a label must be 0 to {classes - 1}. Caffe does not check: it reads and writes outside the scores. Either the labels start at 1, or the last layer's num_output is too small."),
            };
        }
        else if (sample.Labels.Count == 1 && classes > 1)
        {
            foreach (int only in sample.Labels.Keys)
                yield return new Finding
                {
                    Rule = Id,
                    Severity = sample.Phase == Phase.Train ? Severity.Error : Severity.Warning,
                    Subject = subject,
                    Place = place,
                    Measured = new Measurement("classes in the database", 1),
                    Expected = new ExpectedRange(2, classes),
                    Summary = FormattableString.Invariant($"All {sample.Sampled} records that were looked at have the label {only}."),
                    Why = "With one class the network learns to say that class always, and its accuracy means nothing.",
                };
        }
        else if (sample.Phase == Phase.Train && IsSorted(examination, sample))
        {
            yield return new Finding
            {
                Rule = Id,
                Severity = Severity.Warning,
                Subject = subject,
                Place = place,
                Measured = new Measurement("changes of label from record to record", sample.LabelChanges),
                Expected = new ExpectedRange(sample.Sampled / 4, null),
                Summary = FormattableString.Invariant($"The records are sorted by class: over {sample.Sampled} records the label changes {sample.LabelChanges} times."),
                Why = "Batches are read in database order, so each batch holds one class and the weights swing from one class to the next. Make the database again with --shuffle.",
            };
        }
    }

    // A batch should see its classes mixed; a run of one class longer than a batch cannot do that.
    private static bool IsSorted(Examination examination, DataSample sample)
    {
        uint batch = sample.Layer.DataParam.BatchSize;
        return sample.Sampled >= 4 * batch && sample.Labels.Count > 1 && sample.Sampled / (double)(sample.LabelChanges + 1) > Math.Max(batch, 8);
    }

    private static int ClassesFromPrototxt(Examination examination)
    {
        string? scores = null;
        foreach (LayerParameter layer in examination.Files.TrainLayers())
            if (layer.Type == "SoftmaxWithLoss" && layer.Bottom.Count > 0) scores = layer.Bottom[0];
        int classes = 0;
        if (scores == null) return 0;
        foreach (LayerParameter layer in examination.Files.TrainLayers())
            if (layer.Type == "InnerProduct" && layer.Top.Contains(scores)) classes = (int)layer.InnerProductParam.NumOutput;
        return classes;
    }
}
