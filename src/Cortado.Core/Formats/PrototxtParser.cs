using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Cortado.Formats;

/// <summary>Reads messages in the text format by their descriptors, and notes where everything stands.</summary>
internal sealed class PrototxtParser
{
    private const int DeepestNesting = 100;

    private readonly PrototxtTokenizer _tokens;
    private readonly PrototxtScalars _scalars;
    private readonly SourceMap _map;
    private int _depth;

    public PrototxtParser(string text, string fileName, SourceMap map)
    {
        _tokens = new PrototxtTokenizer(text, fileName, map);
        _scalars = new PrototxtScalars(_tokens);
        _map = map;
    }

    /// <summary>Reads the whole text into <paramref name="message"/>.</summary>
    public void ParseAll(IMessage message)
    {
        int length = _tokens.Source.Length;
        _map.Add(message, new SourceMap.FieldSpan(0, 0, length, 0, length));
        while (_tokens.Current.Kind != PrototxtTokenKind.End)
        {
            ParseField(message);
        }

        CheckRequired(message, length == 0 ? 0 : _tokens.Current.Start);
    }

    private void ParseField(IMessage owner)
    {
        int start = _tokens.Current.Start;
        FieldDescriptor field = TakeFieldName(owner);
        bool colon = _tokens.TryTake(':');
        bool isMessage = field.FieldType is FieldType.Message or FieldType.Group;
        if (!colon && !isMessage)
        {
            throw _tokens.Expected($"\":\" after \"{field.Name}\"");
        }

        if (field.IsRepeated && _tokens.TryTake('['))
        {
            ParseList(owner, field);
        }
        else
        {
            if (!field.IsRepeated && field.Accessor.HasValue(owner))
            {
                TextLocation? first = _map.Find(owner, field.Name);
                string where = first is null ? string.Empty : FormattableString.Invariant($" (first on line {first.Line})");
                throw _tokens.Error(
                    start,
                    $"\"{field.Name}\" may be given once, and it is given again here{where}",
                    field.Name,
                    $"one \"{field.Name}\"");
            }

            ParseValue(owner, field, start);
        }

        if (!_tokens.TryTake(';') && _tokens.Is(','))
        {
            TakeComma(field);
        }
    }

    // "base_lr: 0,01": a comma may stand between fields, and no field begins with a digit.
    private void TakeComma(FieldDescriptor field)
    {
        int comma = _tokens.Current.Start;
        _tokens.Next();
        if (_tokens.Current.Kind is not (PrototxtTokenKind.Integer or PrototxtTokenKind.Real) || _tokens.Current.Start != comma + 1) return;
        throw _tokens.Error(comma, $"a comma stands inside the number of \"{field.Name}\"", ",", "a decimal point", "decimals stand behind a point, as in 0.01, and nothing parts thousands");
    }

    private void ParseList(IMessage owner, FieldDescriptor field)
    {
        if (_tokens.TryTake(']'))
        {
            return;
        }

        do
        {
            ParseValue(owner, field, _tokens.Current.Start);
        }
        while (_tokens.TryTake(','));

        if (!_tokens.TryTake(']'))
        {
            throw _tokens.Expected($"\",\" or \"]\" in the list of \"{field.Name}\"");
        }
    }

    private void ParseValue(IMessage owner, FieldDescriptor field, int start)
    {
        int valueStart = _tokens.Current.Start;
        if (field.FieldType is FieldType.Message or FieldType.Group)
        {
            ParseMessage(owner, field, start);
        }
        else if (field.IsRepeated)
        {
            ((IList)field.Accessor.GetValue(owner)).Add(_scalars.Take(field));
        }
        else
        {
            field.Accessor.SetValue(owner, _scalars.Take(field));
        }

        int end = _tokens.PreviousEnd;
        _map.AddField(owner, new SourceMap.FieldSpan(field.FieldNumber, start, end, valueStart, end));
    }

    private void ParseMessage(IMessage owner, FieldDescriptor field, int start)
    {
        int open = _tokens.Current.Start;
        char close = _tokens.Is('<') ? '>' : '}';
        if (!_tokens.TryTake('{') && !_tokens.TryTake('<'))
        {
            throw _tokens.Expected($"\"{{\" to start {field.Name}");
        }

        if (++_depth > DeepestNesting)
        {
            throw _tokens.Error(open, FormattableString.Invariant($"messages are nested more than {DeepestNesting} deep"));
        }

        IMessage message = AddEmpty(owner, field);
        _map.Add(message, new SourceMap.FieldSpan(field.FieldNumber, start, start, open, open));
        while (!_tokens.Is(close))
        {
            if (_tokens.Current.Kind == PrototxtTokenKind.End)
            {
                (int line, _) = _map.Position(open);
                throw _tokens.Expected(FormattableString.Invariant($"\"{close}\" to close {field.Name} of line {line}"));
            }

            ParseField(message);
        }

        _tokens.Next();
        _depth--;
        int end = _tokens.PreviousEnd;
        _map.SetSpan(message, new SourceMap.FieldSpan(field.FieldNumber, start, end, open, end));
        CheckRequired(message, start);
    }

    /// <summary>
    /// Adds an empty message to a field by merging its two or three bytes of wire format: the only way to make a message by its
    /// descriptor that neither needs runtime reflection (which stripped builds lack) nor insists on required fields.
    /// </summary>
    internal static IMessage AddEmpty(IMessage owner, FieldDescriptor field)
    {
        byte[] wire = new byte[CodedOutputStream.ComputeTagSize(field.FieldNumber) + 1];
        using (var output = new CodedOutputStream(wire))
        {
            output.WriteTag(field.FieldNumber, WireFormat.WireType.LengthDelimited);
            output.WriteLength(0);
        }

        owner.MergeFrom(wire);
        object value = field.Accessor.GetValue(owner);
        return field.IsRepeated ? (IMessage)((IList)value)[((IList)value).Count - 1]! : (IMessage)value;
    }

    private FieldDescriptor TakeFieldName(IMessage owner)
    {
        if (_tokens.Is('['))
        {
            throw _tokens.Error(_tokens.Current.Start, "extensions in brackets are not known here", "\"[\"", "a field");
        }

        if (_tokens.Current.Kind != PrototxtTokenKind.Identifier)
        {
            throw _tokens.Expected($"a field of {owner.Descriptor.Name}", _tokens.Is('/') ? "a comment starts with #" : null);
        }

        string name = _tokens.Text;
        FieldDescriptor? field = owner.Descriptor.FindFieldByName(name);
        if (field is null)
        {
            throw _tokens.Error(
                _tokens.Current.Start,
                $"{owner.Descriptor.Name} has no field \"{PrototxtTokenizer.Shorten(name)}\"",
                name,
                $"a field of {owner.Descriptor.Name}",
                Suggest(owner.Descriptor, name));
        }

        _tokens.Next();
        return field;
    }

    private static string? Suggest(MessageDescriptor message, string name)
    {
        var homes = message.Fields.InDeclarationOrder()
            .Where(f => f.FieldType == FieldType.Message && f.MessageType.FindFieldByName(name) is not null)
            .Select(f => f.Name)
            .ToList();
        if (homes.Count is > 0 and <= 4)
        {
            return $"\"{name}\" belongs inside {string.Join(" or ", homes)}";
        }

        string? near = NearestName.Find(name, message.Fields.InDeclarationOrder().Select(f => f.Name));
        if (near is not null)
        {
            return $"did you mean \"{near}\"?";
        }

        return homes.Count > 0 ? $"\"{name}\" belongs inside one of {string.Join(", ", homes.Take(4))}, ..." : null;
    }

    private void CheckRequired(IMessage message, int offset)
    {
        foreach (FieldDescriptor field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            if (field.IsRequired && !field.Accessor.HasValue(message))
            {
                throw _tokens.Error(
                    offset,
                    $"{message.Descriptor.Name} needs the field \"{field.Name}\", and it is missing",
                    null,
                    field.Name);
            }
        }
    }
}
