using Cortado.Formats;
using Google.Protobuf;

namespace Cortado.Diagnostics;

/// <summary>Makes edits of one prototxt that keep its own layout: indentation, line ends, comments.</summary>
public sealed class PrototxtEditor
{
    private const string IndentStep = "  ";

    private readonly string _text;
    private readonly string _fileName;
    private readonly SourceMap _locations;
    private readonly string _newLine;

    /// <summary>Creates an editor of a text that was read.</summary>
    public PrototxtEditor(string fileName, string text, SourceMap locations)
    {
        _fileName = fileName;
        _text = text;
        _locations = locations;
        _newLine = text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
    }

    /// <summary>Sets a field of a message that the text mentions: replaces its value, or adds a line.</summary>
    /// <returns>The edit, or null where the message does not stand in the text.</returns>
    public PrototxtEdit? Set(IMessage message, string field, string value)
    {
        TextLocation? existing = _locations.Find(message, field);
        if (existing != null)
        {
            string old = _text.Substring(existing.ValueStart, existing.ValueEnd - existing.ValueStart);
            return new PrototxtEdit(_fileName, existing.ValueStart, existing.ValueEnd, value, $"{field}: {old} -> {value}");
        }
        return Insert(message, $"{field}: {value}", new[] { $"{field}: {value}" });
    }

    /// <summary>Sets a field of a sub-message, which is added where it is missing.</summary>
    public PrototxtEdit? Set(IMessage owner, string subField, IMessage? sub, string field, string value)
    {
        if (sub != null && _locations.Find(sub) != null) return Set(sub, field, value);
        return Insert(owner, $"{subField} {{ {field}: {value} }}", new[] { $"{subField} {{", $"{IndentStep}{field}: {value}", "}" });
    }

    private PrototxtEdit? Insert(IMessage message, string summary, string[] lines)
    {
        TextLocation? place = _locations.Find(message);
        if (place == null) return null;
        int brace = place.ValueStart;
        bool whole = brace >= _text.Length || (_text[brace] != '{' && _text[brace] != '<');
        if (whole) return new PrototxtEdit(_fileName, 0, 0, string.Join(_newLine, lines) + _newLine, "add " + summary);
        int lineEnd = _text.IndexOf('\n', brace);
        if (lineEnd < 0 || lineEnd >= place.End)
            // The whole message stands on one line: so does the addition.
            return new PrototxtEdit(_fileName, brace + 1, brace + 1, " " + string.Join(" ", TrimAll(lines)), FormattableString.Invariant($"add {summary} in line {place.Line}"));
        string indent = IndentOfLine(place.Start) + IndentStep;
        var added = new System.Text.StringBuilder();
        foreach (string line in lines) added.Append(indent).Append(line).Append(_newLine);
        return new PrototxtEdit(_fileName, lineEnd + 1, lineEnd + 1, added.ToString(), FormattableString.Invariant($"add {summary} after line {LineOf(brace)}"));
    }

    private int LineOf(int offset)
    {
        int line = 1;
        for (int i = 0; i < offset; i++)
            if (_text[i] == '\n') line++;
        return line;
    }

    private static string[] TrimAll(string[] lines) => Array.ConvertAll(lines, line => line.Trim());

    private string IndentOfLine(int offset)
    {
        int start = offset == 0 ? 0 : _text.LastIndexOf('\n', offset - 1) + 1;
        int end = start;
        while (end < _text.Length && (_text[end] == ' ' || _text[end] == '\t')) end++;
        return _text.Substring(start, end - start);
    }
}
