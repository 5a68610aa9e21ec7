using Cortado.Formats;

namespace Cortado.Diagnostics.Rules;

/// <summary>Inputs too large for the learning rate.</summary>
/// <remarks>
/// The first layer's weights move by base_lr times the gradient, and the gradient is proportional to the input; what that step
/// does to the layer's output is proportional to the input once more. So base_lr times the input's mean square says how far one
/// step can throw the network. Published trainings that converge: AlexNet 0.01 x 4300 = 43 (pixels minus the mean image), CIFAR-10
/// quick 0.001 x 3800 = 3.8, LeNet 0.01 x 0.1 = 0.001. Pixels 0..255 as they are at 0.03 give 400 to 700, and diverge.
/// </remarks>
public sealed class InputRangeRule : IRule
{
    /// <summary>base_lr times mean square beyond which a training is expected to diverge.</summary>
    public const double Limit = 100;

    // The mean square of values spread evenly over 0..255 is 21700; photographs are darker.
    private const double AssumedMeanSquare = 16384;

    /// <summary>1/256: brings 0..255 to 0..1.</summary>
    public const string PixelScale = "0.00390625";

    /// <inheritdoc/>
    public string Id => "input-range";

    /// <inheritdoc/>
    public IEnumerable<Finding> Check(Examination examination)
    {
        if (examination.IsAdaptive) yield break;
        double rate = examination.Solver.BaseLr;
        foreach (LayerParameter layer in examination.Files.TrainLayers())
        {
            if (examination.Probe != null && examination.Probe.Inputs.TryGetValue(layer.Name, out BlobStatistics? input))
            {
                if (rate * input.MeanSquare > Limit) yield return Measured(examination, layer, input, rate);
            }
            else if (layer.Type is "Data" or "ImageData" && IsRaw(layer.TransformParam) && rate * AssumedMeanSquare > Limit)
            {
                yield return Assumed(examination, layer, rate);
            }
        }
    }

    private Finding Measured(Examination examination, LayerParameter layer, BlobStatistics input, double rate)
    {
        double step = rate * input.MeanSquare;
        bool raw = IsRaw(layer.TransformParam) && input.Max > 16;
        string cause = raw
            ? "Pixels reach the network as they lie in the database: transform_param has neither scale nor mean."
            : "The transform leaves the input this large.";
        return Template(examination, layer, Severity.Error) with
        {
            Measured = new Measurement("base_lr x mean square of the input", step),
            Summary = FormattableString.Invariant($"The input ranges from {input.Min:0.###} to {input.Max:0.###} (root mean square {input.Rms:0.###}), far too large for base_lr {rate:0.######}."),
            Why = FormattableString.Invariant($"{cause} A step of the first layer changes its output by about base_lr x the input's mean square: {rate:0.######} x {input.MeanSquare:0.#} = {step:0.#}; trainings that work stay below {Limit:0} (AlexNet as published: 43). Such a training jumps about at the loss of guessing and ends in nan."),
            Edits = raw ? ScaleAll(examination) : LowerRate(examination, Limit / 2 / input.MeanSquare),
        };
    }

    private Finding Assumed(Examination examination, LayerParameter layer, double rate) =>
        Template(examination, layer, Severity.Warning) with
        {
            Measured = new Measurement("base_lr x mean square of pixels 0..255, assumed because the data could not be read", rate * AssumedMeanSquare),
            Summary = FormattableString.Invariant($"Pixels reach the network as they lie in the database, with neither scale nor mean; if they are 0..255, that is far too large for base_lr {rate:0.######}."),
            Why = FormattableString.Invariant($"A step of the first layer changes its output by about base_lr x the input's mean square. Trainings that work stay below {Limit:0} (AlexNet as published: 43); a larger one jumps about at the loss of guessing and ends in nan."),
            Edits = ScaleAll(examination),
        };

    private Finding Template(Examination examination, LayerParameter layer, Severity severity) => new()
    {
        Rule = Id,
        Severity = severity,
        Subject = $"layer '{layer.Name}'",
        Place = examination.Files.Train.Place(layer),
        Expected = new ExpectedRange(0, Limit),
        Summary = "",
        Why = "",
    };

    private static bool IsRaw(TransformationParameter? transform) =>
        transform == null || (!transform.HasMeanFile && transform.MeanValue.Count == 0 && transform.Scale == 1);

    // Every phase must prepare its images alike, so each data layer that has no scale yet gets the same one.
    private static List<PrototxtEdit> ScaleAll(Examination examination)
    {
        var edits = new List<PrototxtEdit>();
        foreach ((NetText net, LayerParameter layer) in examination.DataLayers())
        {
            if (!IsRaw(layer.TransformParam)) continue;
            PrototxtEdit? edit = net.Editor().Set(layer, "transform_param", layer.TransformParam, "scale", PixelScale);
            if (edit != null) edits.Add(edit);
        }
        return edits;
    }

    private static List<PrototxtEdit> LowerRate(Examination examination, double rate)
    {
        PrototxtEdit? edit = examination.Files.SetSolver("base_lr", RoundRate.Down(rate));
        return edit == null ? new List<PrototxtEdit>() : new List<PrototxtEdit> { edit };
    }
}
