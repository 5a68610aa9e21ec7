using System.Text;

namespace UnityDoubles.Yaml;

/// <summary>Reads the part of YAML that the engine writes: block mappings and lists, flow mappings and lists, plain and quoted scalars.</summary>
internal sealed class YamlReader
{
    private readonly List<(int Number, int Indent, string Text)> _lines = [];
    private int _at;

    /// <summary>Takes the lines of one document.</summary>
    public YamlReader(IEnumerable<string> lines, int firstLine)
    {
        int number = firstLine;
        foreach (string line in lines)
        {
            string text = line.TrimStart(' ');
            if (text.TrimEnd().Length > 0 && text[0] != '#') _lines.Add((number, line.Length - text.Length, text.TrimEnd()));
            number++;
        }
    }

    /// <summary>Reads the document's mapping.</summary>
    /// <exception cref="FormatException">It is none; the message has the line.</exception>
    public YamlNode Read()
    {
        YamlNode root = _lines.Count == 0 ? YamlNode.Map(0) : ReadMap(_lines[0].Indent);
        return _at == _lines.Count ? root : throw Error("more than the document's mapping");
    }

    private YamlNode ReadMap(int indent)
    {
        YamlNode map = YamlNode.Map(_lines[_at].Number);
        while (_at < _lines.Count && _lines[_at].Indent == indent && !IsItem(_lines[_at].Text)) ReadField(map, indent);
        if (_at < _lines.Count && _lines[_at].Indent > indent) throw Error("an indent that fits no mapping");
        return map;
    }

    private void ReadField(YamlNode map, int indent)
    {
        (int number, _, string text) = _lines[_at];
        int colon = KeyEnd(text);
        if (colon < 0) throw Error("no 'name: value'");
        string key = text[..colon], rest = text[(colon + 1)..].Trim();
        _at++;
        if (rest.Length > 0) map.Add(key, ReadInline(rest, number));
        else if (_at < _lines.Count && _lines[_at].Indent > indent) map.Add(key, IsItem(_lines[_at].Text) ? ReadList(_lines[_at].Indent) : ReadMap(_lines[_at].Indent));
        // The engine writes a list's dashes in the column of the list's name.
        else if (_at < _lines.Count && _lines[_at].Indent == indent && IsItem(_lines[_at].Text)) map.Add(key, ReadList(indent));
        else map.Add(key, YamlNode.Scalar("", number));
    }

    private YamlNode ReadList(int indent)
    {
        YamlNode list = YamlNode.List(_lines[_at].Number);
        while (_at < _lines.Count && _lines[_at].Indent == indent && IsItem(_lines[_at].Text))
        {
            (int number, _, string text) = _lines[_at];
            string rest = text[1..].TrimStart(' ');
            int inner = indent + text.Length - rest.Length;
            if (rest.Length > 0 && rest[0] is not ('{' or '[' or '"' or '\'') && KeyEnd(rest) >= 0)
            {
                // The item is a mapping whose first field stands behind the dash.
                _lines[_at] = (number, inner, rest);
                list.Add(ReadMap(inner));
                continue;
            }
            _at++;
            list.Add(ReadInline(rest, number));
        }
        return list;
    }

    private YamlNode ReadInline(string text, int number)
    {
        if (text.Length > 0 && text[0] is '{' or '[')
        {
            // Long flow values are broken into lines.
            while (!FlowReader.IsClosed(text))
            {
                if (_at >= _lines.Count) throw new FormatException($"line {number}: a flow value without end.");
                text += " " + _lines[_at++].Text;
            }
            return FlowReader.Read(text, number);
        }
        return YamlNode.Scalar(Unquote(text), number);
    }

    private static bool IsItem(string text) => text == "-" || text.StartsWith("- ", StringComparison.Ordinal);

    private static int KeyEnd(string text)
    {
        int colon = text.IndexOf(": ", StringComparison.Ordinal);
        return colon >= 0 ? colon : text.EndsWith(':') ? text.Length - 1 : -1;
    }

    private static string Unquote(string text)
    {
        if (text.Length < 2 || text[0] != text[^1]) return text;
        if (text[0] == '\'') return text[1..^1].Replace("''", "'", StringComparison.Ordinal);
        if (text[0] != '"') return text;
        var plain = new StringBuilder();
        for (int i = 1; i < text.Length - 1; i++)
        {
            if (text[i] == '\\') i++;
            plain.Append(text[i - 1] == '\\' && text[i] == 'n' ? '\n' : text[i]);
        }
        return plain.ToString();
    }

    private FormatException Error(string found) => new($"line {_lines[_at].Number}: {found}: {_lines[_at].Text}");
}
