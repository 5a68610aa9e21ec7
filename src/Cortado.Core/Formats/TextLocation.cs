namespace Cortado.Formats;

/// <summary>
/// Where a message or a field stands in a text. Offsets count UTF-16 characters from the start of the text, so that
/// <c>text.Substring(location.Start, location.End - location.Start)</c> is what the file says.
/// </summary>
/// <param name="FileName">The file, as it was named by who opened it.</param>
/// <param name="Line">Line of <paramref name="Start"/>, counted from 1.</param>
/// <param name="Column">Column of <paramref name="Start"/>, counted from 1.</param>
/// <param name="Start">First character: of the field's name, or of the element where it stands in a list <c>[a, b]</c>.</param>
/// <param name="End">One past the last character of the value (for a message: past its closing brace).</param>
/// <param name="ValueStart">First character of the value (for a message: its opening brace; for the whole file: 0).</param>
/// <param name="ValueEnd">One past the last character of the value.</param>
public sealed record TextLocation(string FileName, int Line, int Column, int Start, int End, int ValueStart, int ValueEnd)
{
    /// <summary>The location as editors and compilers write it: <c>file:line:column</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => FormattableString.Invariant($"{FileName}:{Line}:{Column}");
}
