using Cortado.Formats;

namespace Cortado.Diagnostics.Rules;

/// <summary>Training and test images that are prepared differently.</summary>
public sealed class PhaseTransformRule : IRule
{
    /// <inheritdoc/>
    public string Id => "preprocessing";

    /// <inheritdoc/>
    public IEnumerable<Finding> Check(Examination examination)
    {
        LayerParameter? train = null;
        foreach ((NetText net, LayerParameter layer) in examination.DataLayers())
        {
            if (train == null)
            {
                train = layer;
                continue;
            }
            if (layer.Top.Count == 0 || train.Top.Count == 0 || layer.Top[0] != train.Top[0]) continue;
            foreach ((string field, double here, double there) in Differences(train.TransformParam, layer.TransformParam))
                yield return new Finding
                {
                    Rule = Id,
                    Severity = Severity.Warning,
                    Subject = $"layer '{layer.Name}'",
                    Place = net.Place(layer),
                    Measured = new Measurement($"{field} in the test phase", there),
                    Expected = new ExpectedRange(here, here),
                    Summary = FormattableString.Invariant($"Test images are prepared with {field} {there:0.######}, training images with {here:0.######}."),
                    Why = "The network is tested on other numbers than it learnt from, so its test accuracy says nothing about it.",
                    Edits = field == "scale" && net.Editor().Set(layer, "transform_param", layer.TransformParam, field, here.ToString("R", System.Globalization.CultureInfo.InvariantCulture)) is { } edit
                        ? new[] { edit } : Array.Empty<PrototxtEdit>(),
                };
        }
    }

    private static IEnumerable<(string Field, double Train, double Test)> Differences(TransformationParameter? train, TransformationParameter? test)
    {
        train ??= new TransformationParameter();
        test ??= new TransformationParameter();
        if (train.Scale != test.Scale) yield return ("scale", train.Scale, test.Scale);
        if (train.HasMeanFile != test.HasMeanFile) yield return ("a mean file (1 yes, 0 no)", train.HasMeanFile ? 1 : 0, test.HasMeanFile ? 1 : 0);
        for (int i = 0; i < Math.Max(train.MeanValue.Count, test.MeanValue.Count); i++)
        {
            double a = i < train.MeanValue.Count ? train.MeanValue[i] : 0, b = i < test.MeanValue.Count ? test.MeanValue[i] : 0;
            if (a != b) yield return (FormattableString.Invariant($"mean_value {i}"), a, b);
        }
    }
}
