using System.Runtime.CompilerServices;
using Google.Protobuf;

namespace Cortado.Formats;

/// <summary>
/// Remembers where in a text each message and field stands. Messages are told apart by reference, so the map answers for the very
/// objects that the parser made, also after a legacy network was upgraded (an upgraded layer answers with the old layer's place).
/// </summary>
public sealed class SourceMap
{
    private readonly Dictionary<IMessage, Node> _nodes = new(ReferenceComparer.Instance);
    private readonly string _fileName;
    private readonly string _text;
    private int[]? _lineStarts;

    internal SourceMap(string fileName, string text)
    {
        _fileName = fileName;
        _text = text;
    }

    /// <summary>Finds the place of a message, or of one of its fields.</summary>
    /// <param name="message">A message of the parsed document.</param>
    /// <param name="fieldName">The field as the text spells it (<c>lr_mult</c>), or null for the message itself.</param>
    /// <param name="index">Which value of a repeated field, from 0.</param>
    /// <returns>The place, or null where the text does not mention it.</returns>
    public TextLocation? Find(IMessage message, string? fieldName = null, int index = 0)
    {
        ThrowIf.Null(message, nameof(message));
        if (!_nodes.TryGetValue(message, out Node? node))
        {
            return null;
        }

        if (fieldName is null)
        {
            return Describe(node.Whole);
        }

        int number = message.Descriptor.FindFieldByName(fieldName)?.FieldNumber ?? 0;
        return node.TryFind(number, index, out FieldSpan span) ? Describe(span) : null;
    }

    /// <summary>
    /// Finds the place of a layer, or of the one that it was made from: a copy, or what a network that classifies has of it, is told by its name, and where several have that, by
    /// the phases that it is included in and its type.
    /// </summary>
    /// <param name="layer">The layer.</param>
    /// <returns>The place, or null where the text has no such layer.</returns>
    public TextLocation? FindLayer(LayerParameter layer)
    {
        if (Find(layer) is { } place) return place;
        (Node? best, int likeness) = (null, 0);
        foreach ((IMessage message, Node node) in _nodes)
        {
            if (message is not LayerParameter other || other.Name != layer.Name) continue;
            int like = 1 + (other.Include.Equals(layer.Include) ? 2 : 0) + (other.Type == layer.Type ? 1 : 0);
            if (like > likeness || (like == likeness && node.Whole.Start < best!.Whole.Start)) (best, likeness) = (node, like);
        }
        return best == null ? null : Describe(best.Whole);
    }

    /// <summary>Line and column, both from 1, of an offset into the text.</summary>
    internal (int Line, int Column) Position(int offset)
    {
        _lineStarts ??= FindLineStarts(_text);
        int line = Array.BinarySearch(_lineStarts, offset);
        line = line < 0 ? ~line - 1 : line;
        return (line + 1, offset - _lineStarts[line] + 1);
    }

    internal void Add(IMessage message, FieldSpan whole) => _nodes[message] = new Node(whole);

    internal void SetSpan(IMessage message, FieldSpan whole) => _nodes[message].Whole = whole;

    internal void AddField(IMessage owner, FieldSpan field) => _nodes[owner].Add(field);

    /// <summary>Lets <paramref name="target"/> stand where <paramref name="source"/> stands (without its fields).</summary>
    internal void Alias(IMessage source, IMessage target)
    {
        if (_nodes.TryGetValue(source, out Node? node) && !_nodes.ContainsKey(target))
        {
            _nodes[target] = new Node(node.Whole);
        }
    }

    /// <summary>
    /// Lets a field of <paramref name="target"/> stand where a field of <paramref name="source"/> stands. A target without a place
    /// takes the field's.
    /// </summary>
    internal void AliasField(IMessage source, string sourceField, int index, IMessage target, string targetField)
    {
        if (!_nodes.TryGetValue(source, out Node? from)
            || !from.TryFind(source.Descriptor.FindFieldByName(sourceField).FieldNumber, index, out FieldSpan span))
        {
            return;
        }

        if (!_nodes.TryGetValue(target, out Node? to))
        {
            _nodes[target] = to = new Node(span);
        }

        to.Add(span with { Field = target.Descriptor.FindFieldByName(targetField).FieldNumber });
    }

    private static int[] FindLineStarts(string text)
    {
        var starts = new List<int> { 0 };
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n')
            {
                starts.Add(i + 1);
            }
        }

        return starts.ToArray();
    }

    private TextLocation Describe(FieldSpan span)
    {
        (int line, int column) = Position(span.Start);
        return new TextLocation(_fileName, line, column, span.Start, span.End, span.ValueStart, span.ValueEnd);
    }

    /// <summary>A field's place, small because a text may hold millions of numbers.</summary>
    internal readonly record struct FieldSpan(int Field, int Start, int End, int ValueStart, int ValueEnd);

    private sealed class Node
    {
        private readonly List<FieldSpan> _fields = new();
        private Dictionary<int, List<FieldSpan>>? _byField;

        public Node(FieldSpan whole) => Whole = whole;

        public FieldSpan Whole { get; set; }

        public void Add(FieldSpan field)
        {
            _fields.Add(field);
            _byField = null;
        }

        public bool TryFind(int field, int index, out FieldSpan found)
        {
            _byField ??= Group();
            if (_byField.TryGetValue(field, out List<FieldSpan>? spans) && index >= 0 && index < spans.Count)
            {
                found = spans[index];
                return true;
            }

            found = default;
            return false;
        }

        private Dictionary<int, List<FieldSpan>> Group()
        {
            var groups = new Dictionary<int, List<FieldSpan>>();
            foreach (FieldSpan span in _fields)
            {
                if (!groups.TryGetValue(span.Field, out List<FieldSpan>? spans))
                {
                    groups[span.Field] = spans = new List<FieldSpan>();
                }

                spans.Add(span);
            }

            return groups;
        }
    }

    private sealed class ReferenceComparer : IEqualityComparer<IMessage>
    {
        public static readonly ReferenceComparer Instance = new();

        public bool Equals(IMessage? x, IMessage? y) => ReferenceEquals(x, y);

        public int GetHashCode(IMessage obj) => RuntimeHelpers.GetHashCode(obj);
    }
}
