namespace Cortado.Formats;

/// <summary>A prototxt that cannot be read: where, what was found, what was expected, and what may have been meant.</summary>
public sealed class PrototxtException : CortadoException
{
    internal PrototxtException(string fileName, int line, int column, string problem, string? found, string? expected, string? suggestion)
        : base(FormattableString.Invariant($"{fileName}:{line}:{column}: {problem}{Sentence(suggestion)}"))
    {
        FileName = fileName;
        Line = line;
        Column = column;
        Found = found;
        Expected = expected;
        Suggestion = suggestion;
    }

    /// <summary>The file.</summary>
    public string FileName { get; }

    /// <summary>The line, from 1.</summary>
    public int Line { get; }

    /// <summary>The column, from 1.</summary>
    public int Column { get; }

    /// <summary>What stands there.</summary>
    public string? Found { get; }

    /// <summary>What should stand there.</summary>
    public string? Expected { get; }

    /// <summary>What was probably meant, such as the nearest known name; null where nothing is near.</summary>
    public string? Suggestion { get; }

    private static string Sentence(string? suggestion) => suggestion is null ? "." : "; " + suggestion;
}
