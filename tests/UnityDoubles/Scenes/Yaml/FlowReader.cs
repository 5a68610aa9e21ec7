namespace UnityDoubles.Yaml;

/// <summary>Reads <c>{fileID: 1, guid: 2}</c> and <c>[a, b]</c>.</summary>
internal ref struct FlowReader
{
    private readonly ReadOnlySpan<char> _text;
    private readonly int _line;
    private int _at;

    private FlowReader(string text, int line)
    {
        _text = text;
        _line = line;
        _at = 0;
    }

    public static bool IsClosed(string text)
    {
        int depth = 0;
        foreach (char c in text) depth += c is '{' or '[' ? 1 : c is '}' or ']' ? -1 : 0;
        return depth <= 0;
    }

    public static YamlNode Read(string text, int line)
    {
        var reader = new FlowReader(text, line);
        YamlNode node = reader.Value();
        reader.SkipSpace();
        return reader._at == text.Length ? node : throw new FormatException($"line {line}: more than a value: {text}");
    }

    private YamlNode Value()
    {
        SkipSpace();
        return _at < _text.Length && _text[_at] == '{' ? Map() : _at < _text.Length && _text[_at] == '[' ? List() : YamlNode.Scalar(Word(",}]"), _line);
    }

    private YamlNode Map()
    {
        YamlNode map = YamlNode.Map(_line);
        for (_at++; !Ended('}');)
        {
            string key = Word(":");
            Expect(':');
            map.Add(key, Value());
            if (!Ended('}', peek: true)) Expect(',');
        }
        return map;
    }

    private YamlNode List()
    {
        YamlNode list = YamlNode.List(_line);
        for (_at++; !Ended(']');)
        {
            list.Add(Value());
            if (!Ended(']', peek: true)) Expect(',');
        }
        return list;
    }

    private bool Ended(char end, bool peek = false)
    {
        SkipSpace();
        if (_at >= _text.Length) throw new FormatException($"line {_line}: expected '{end}': {_text}");
        if (_text[_at] != end) return false;
        if (!peek) _at++;
        return true;
    }

    private string Word(string ends)
    {
        SkipSpace();
        int start = _at;
        while (_at < _text.Length && !ends.Contains(_text[_at], StringComparison.Ordinal)) _at++;
        return _text[start.._at].Trim().Trim('"').ToString();
    }

    private void Expect(char c)
    {
        SkipSpace();
        if (_at >= _text.Length || _text[_at] != c) throw new FormatException($"line {_line}: expected '{c}' at {_at}: {_text}");
        _at++;
    }

    private void SkipSpace()
    {
        while (_at < _text.Length && _text[_at] == ' ') _at++;
    }
}
