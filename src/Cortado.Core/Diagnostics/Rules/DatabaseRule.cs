namespace Cortado.Diagnostics.Rules;

/// <summary>A database that cannot be read.</summary>
public sealed class DatabaseRule : IRule
{
    /// <inheritdoc/>
    public string Id => "database";

    /// <inheritdoc/>
    public IEnumerable<Finding> Check(Examination examination)
    {
        foreach (DataSample sample in examination.Samples)
        {
            if (sample.Failure == null) continue;
            yield return new Finding
            {
                Rule = Id,
                Severity = Severity.Error,
                Subject = $"layer '{sample.Layer.Name}' ({sample.Phase.ToString().ToUpperInvariant()})",
                Place = sample.Net.Place(sample.Layer),
                Summary = "The database cannot be read.",
                Why = sample.Failure,
            };
        }
    }
}
