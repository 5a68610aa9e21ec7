using System.Globalization;

namespace UnityDoubles.Yaml;

/// <summary>A value in one of the engine's text assets: text, a list or a mapping.</summary>
public sealed class YamlNode
{
    private readonly List<YamlNode> _items = [];
    private readonly List<KeyValuePair<string, YamlNode>> _fields = [];

    private YamlNode(YamlKind kind, string text, int line)
    {
        Kind = kind;
        Text = text;
        Line = line;
    }

    public YamlKind Kind { get; }

    /// <summary>The text of a scalar; empty for others.</summary>
    public string Text { get; }

    /// <summary>The line where it begins, from 1.</summary>
    public int Line { get; }

    /// <summary>The entries of a list.</summary>
    public IReadOnlyList<YamlNode> Items => _items;

    /// <summary>The fields of a mapping, in the file's order.</summary>
    public IReadOnlyList<KeyValuePair<string, YamlNode>> Fields => _fields;

    /// <summary>A field of a mapping; null where there is none.</summary>
    public YamlNode? this[string name]
    {
        get
        {
            foreach ((string key, YamlNode value) in _fields)
                if (key == name) return value;
            return null;
        }
    }

    public static YamlNode Scalar(string text, int line) => new(YamlKind.Scalar, text, line);

    public static YamlNode List(int line) => new(YamlKind.List, "", line);

    public static YamlNode Map(int line) => new(YamlKind.Map, "", line);

    public void Add(YamlNode item) => _items.Add(item);

    /// <exception cref="FormatException">The mapping has the field already.</exception>
    public void Add(string name, YamlNode value)
    {
        if (this[name] != null) throw new FormatException($"line {value.Line}: the field '{name}' stands there twice.");
        _fields.Add(new(name, value));
    }

    public float Float(string name, float absent = 0) => this[name] is { } field ? float.Parse(field.Text, CultureInfo.InvariantCulture) : absent;

    public long Long(string name, long absent = 0) => this[name] is { } field ? long.Parse(field.Text, CultureInfo.InvariantCulture) : absent;

    public bool Bool(string name, bool absent = false) => Long(name, absent ? 1 : 0) != 0;

    public string String(string name) => this[name]?.Text ?? "";
}

/// <summary>What a value is.</summary>
public enum YamlKind
{
    Scalar,
    List,
    Map,
}
