using Cortado.Data;
using Cortado.Formats;

namespace Cortado.Diagnostics.Rules;

/// <summary>Training and test databases whose labels stand for other classes: their <c>labels.txt</c> differ.</summary>
public sealed class ClassNamesRule : IRule
{
    /// <inheritdoc/>
    public string Id => "class-names";

    /// <inheritdoc/>
    public IEnumerable<Finding> Check(Examination examination)
    {
        string[]? train = null;
        foreach (DataSample sample in examination.Samples)
        {
            string[]? names = NamesBeside(sample);
            if (names == null) continue;
            if (sample.Phase == Phase.Train)
            {
                train ??= names;
                continue;
            }
            if (train == null || names.AsSpan().SequenceEqual(train)) continue;
            yield return new Finding
            {
                Rule = Id,
                Severity = Severity.Error,
                Subject = $"database '{sample.Layer.DataParam.Source}' ({sample.Phase.ToString().ToUpperInvariant()})",
                Place = sample.Net.Place(sample.Layer),
                Summary = $"The test database's classes are {string.Join(", ", names)}; the training database's are {string.Join(", ", train)}.",
                Why = "A label is a number in the order of the names, so the same number means another class in each. Make both databases from folders with the same sub-folders; one may be empty.",
            };
        }
    }

    private static string[]? NamesBeside(DataSample sample)
    {
        if (sample.Failure != null || sample.NamesFile == null || !File.Exists(sample.NamesFile)) return null;
        try
        {
            return LabelsFile.Read(sample.NamesFile);
        }
        catch (CortadoException)
        {
            // Names are for people; a training does without.
            return null;
        }
    }
}
