namespace Cortado.Tests;

/// <summary>Gathers all that is wrong with a case, so that one run shows it all and not only the first.</summary>
public sealed class Findings
{
    private readonly List<string> _wrong = new();

    /// <summary>Adds what is wrong; null is nothing.</summary>
    public void Add(string? wrong)
    {
        if (wrong != null) _wrong.Add(wrong);
    }

    /// <summary>Fails the test if anything was wrong.</summary>
    public void Check()
    {
        if (_wrong.Count > 0) Assert.Fail(string.Join(Environment.NewLine, _wrong));
    }
}
