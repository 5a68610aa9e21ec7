namespace Cortado.Diagnostics.Rules;

/// <summary>Numbers that are not finite before anything was learnt.</summary>
public sealed class NonFiniteRule : IRule
{
    /// <inheritdoc/>
    public string Id => "non-finite";

    /// <inheritdoc/>
    public IEnumerable<Finding> Check(Examination examination)
    {
        string? first = examination.Probe?.NonFinite;
        if (first == null) yield break;
        yield return new Finding
        {
            Rule = Id,
            Severity = Severity.Error,
            Subject = first.Substring(0, first.IndexOf(',', StringComparison.Ordinal)),
            Place = examination.Files.Train.FileName,
            Summary = $"The first batch already gives numbers that are not finite: {first}.",
            Why = "A NaN or an infinity spreads to every weight in the first update, and the network never recovers. Look at the input of that layer, at its fillers, and at Log, Power or Exp layers before it.",
        };
    }
}
