namespace Cortado.Diagnostics.Rules;

/// <summary>A network that cannot be built or run at all.</summary>
public sealed class ProbeFailureRule : IRule
{
    /// <inheritdoc/>
    public string Id => "network";

    /// <inheritdoc/>
    public IEnumerable<Finding> Check(Examination examination)
    {
        string? failure = examination.Probe?.Failure;
        if (failure == null) yield break;
        // A database that cannot be opened has a finding of its own, with the same words.
        foreach (DataSample sample in examination.Samples)
            if (sample.Failure != null && sample.Phase == Formats.Phase.Train) yield break;
        yield return new Finding
        {
            Rule = Id,
            Severity = Severity.Error,
            Subject = "the training network",
            Place = examination.Files.Train.FileName,
            Summary = "The network cannot be built, or its first batch cannot be run.",
            Why = failure,
        };
    }
}
