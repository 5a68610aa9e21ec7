using Cortado.Layers;
using Cortado.Nets;
using Cortado.Solvers;
using Cortado.Tensors;

namespace Cortado.Diagnostics.Monitoring;

/// <summary>Finds where a network's numbers stopped being finite: the first layer in order of computation, and the record.</summary>
internal static class NonFiniteFinding
{
    public static Finding Of(Net net, IterationReport report, float lastLoss, (string Layer, double Ratio) largest, DoctorReport? before)
    {
        (string subject, string where) = Locate(net);
        string history = float.IsNaN(lastLoss)
            ? "It was so from the first iteration."
            : FormattableString.Invariant($"The last finite loss was {lastLoss:0.####}.");
        if (largest.Ratio > 0.05)
            history += FormattableString.Invariant($" Shortly before, one update changed the weights of layer '{largest.Layer}' by {largest.Ratio:0.##} times their own size; about 0.001 is usual.");
        var edits = new List<PrototxtEdit>();
        if (before != null)
            foreach (Finding finding in before.Findings) edits.AddRange(finding.Edits);
        if (edits.Count == 0 && before?.Examination.Files.SetSolver("base_lr", Rules.RoundRate.Down(report.LearningRate / 5)) is { } lower) edits.Add(lower);
        return new Finding
        {
            Rule = "non-finite",
            Severity = Severity.Error,
            Subject = subject,
            Iteration = report.Iteration,
            Measured = new Measurement("loss", report.Loss),
            Expected = new ExpectedRange(0, null),
            Summary = FormattableString.Invariant($"The training diverged: at iteration {report.Iteration} the loss is {(float.IsNaN(report.Loss) ? "nan" : "inf")}. {where}"),
            Why = history + " Steps were too large: the learning rate, or the input, is too large for this network. From here every weight would become nan. Snapshots written before stay as they are.",
            Edits = edits,
        };
    }

    private static (string Subject, string Where) Locate(Net net)
    {
        foreach (NetLayer placed in net.Layers)
        {
            for (int i = 0; i < placed.Layer.Blobs.Count; i++)
            {
                BlobStatistics weights = BlobStatistics.Of(placed.Layer.Blobs[i].ReadData());
                if (weights.NonFinite > 0)
                    return ($"layer '{placed.Layer.Name}'", FormattableString.Invariant($"The first layer with numbers that are not finite is '{placed.Layer.Name}' ({placed.Layer.Type}): {weights.NonFinite} of its {weights.Count} {(i == 0 ? "weights" : "biases")}, since the update before."));
            }
            foreach (Blob top in placed.Tops)
            {
                BlobStatistics values = BlobStatistics.Of(top.ReadData());
                if (values.NonFinite == 0) continue;
                string record = Record(net, top, values.FirstNonFinite);
                return ($"layer '{placed.Layer.Name}'", FormattableString.Invariant($"The first layer with numbers that are not finite is '{placed.Layer.Name}' ({placed.Layer.Type}): {values.NonFinite} of the {values.Count} values of its top '{top.Name}'{record}."));
            }
        }
        return ("the loss", "Every blob is finite; the loss itself is not.");
    }

    private static string Record(Net net, Blob top, int index)
    {
        if (top.Shape.Rank == 0 || top.Shape[0] == 0) return "";
        int item = index / Math.Max(1, top.Count / top.Shape[0]);
        foreach (NetLayer placed in net.Layers)
            if (placed.Layer is IRecordLayer data && placed.Tops.Length > 0 && placed.Tops[0].Shape.Rank > 0 && placed.Tops[0].Shape[0] == top.Shape[0])
                return FormattableString.Invariant($", first for item {item} of the batch, record '{data.RecordKey(item)}'");
        return FormattableString.Invariant($", first for item {item} of the batch");
    }
}
