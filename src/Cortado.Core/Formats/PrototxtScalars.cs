using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Cortado.Formats;

/// <summary>Reads one value that is not a message: numbers, names of enums, truth values, strings.</summary>
internal sealed class PrototxtScalars
{
    private readonly PrototxtTokenizer _tokens;
    private readonly List<byte> _bytes = new();

    public PrototxtScalars(PrototxtTokenizer tokens) => _tokens = tokens;

    /// <summary>Takes the value under the cursor, boxed as the field's accessor wants it.</summary>
    public object Take(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Float => (float)TakeReal(field),
        FieldType.Double => TakeReal(field),
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => (int)TakeInteger(field, int.MinValue, int.MaxValue),
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => TakeInteger(field, long.MinValue, long.MaxValue),
        FieldType.UInt32 or FieldType.Fixed32 => (uint)TakeInteger(field, 0, uint.MaxValue),
        FieldType.UInt64 or FieldType.Fixed64 => TakeUnsigned(field, ulong.MaxValue, "0 to 18446744073709551615"),
        FieldType.Bool => TakeBool(field),
        FieldType.Enum => TakeEnum(field),
        FieldType.String => TakeText(field),
        _ => ByteString.CopyFrom(TakeBytes(field)),
    };

    private static string Range(long least, long most) => FormattableString.Invariant($"{least} to {most}");

    private bool TakeSign()
    {
        if (_tokens.TryTake('-'))
        {
            return true;
        }

        _tokens.TryTake('+');
        return false;
    }

    private long TakeInteger(FieldDescriptor field, long least, long most)
    {
        int start = _tokens.Current.Start;
        string range = Range(least, most);
        if (!TakeSign())
        {
            return (long)TakeUnsigned(field, (ulong)most, range);
        }

        ulong limit = least == 0 ? 0 : (ulong)most + 1;
        ulong size = TakeUnsigned(field, limit, range, start);
        return unchecked(-(long)size);
    }

    private ulong TakeUnsigned(FieldDescriptor field, ulong most, string range, int start = -1)
    {
        string expected = $"a whole number from {range} for \"{field.Name}\"";
        PrototxtToken token = _tokens.Current;
        start = start < 0 ? token.Start : start;
        if (token.Kind != PrototxtTokenKind.Integer)
        {
            throw _tokens.Expected(expected, token.Kind == PrototxtTokenKind.String ? "numbers stand without quotes" : null);
        }

        ReadOnlySpan<char> digits = _tokens.Span;
        uint radix = 10;
        if (digits.Length > 1 && digits[0] == '0')
        {
            bool hex = (digits[1] | 32) == 'x';
            radix = hex ? 16u : 8u;
            digits = digits[(hex ? 2 : 1)..];
        }

        ulong value = 0;
        foreach (char c in digits)
        {
            uint digit = (uint)Uri.FromHex(c);
            if (value > (most - Math.Min(digit, most)) / radix)
            {
                string found = PrototxtTokenizer.Shorten(_tokens.Source[start..token.End]);
                throw _tokens.Error(start, $"expected {expected}, found {found}", found, expected);
            }

            value = (value * radix) + digit;
        }

        if (value > most)
        {
            string found = PrototxtTokenizer.Shorten(_tokens.Source[start..token.End]);
            throw _tokens.Error(start, $"expected {expected}, found {found}", found, expected);
        }

        _tokens.Next();
        return value;
    }

    private double TakeReal(FieldDescriptor field)
    {
        bool negative = TakeSign();
        ReadOnlySpan<char> text = _tokens.Span;
        double value;
        switch (_tokens.Current.Kind)
        {
            case PrototxtTokenKind.Integer when text.Length > 1 && text[0] == '0':
                throw _tokens.Expected($"a decimal number for \"{field.Name}\"", "hexadecimal and octal are for whole numbers");
            case PrototxtTokenKind.Integer:
            case PrototxtTokenKind.Real:
                text = (text[^1] | 32) == 'f' ? text[..^1] : text;
                value = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
                break;
            case PrototxtTokenKind.Identifier when IsWord(text, "inf") || IsWord(text, "infinity"):
                value = double.PositiveInfinity;
                break;
            case PrototxtTokenKind.Identifier when IsWord(text, "nan"):
                value = double.NaN;
                break;
            case PrototxtTokenKind.String:
                throw _tokens.Expected($"a number for \"{field.Name}\"", "numbers stand without quotes");
            default:
                throw _tokens.Expected($"a number for \"{field.Name}\"");
        }

        _tokens.Next();
        return negative ? -value : value;
    }

    private static bool IsWord(ReadOnlySpan<char> text, string word) =>
        text.Equals(word.AsSpan(), StringComparison.OrdinalIgnoreCase);

    private object TakeBool(FieldDescriptor field)
    {
        string expected = $"true or false for \"{field.Name}\"";
        if (_tokens.Current.Kind == PrototxtTokenKind.Integer)
        {
            int start = _tokens.Current.Start;
            string digits = _tokens.Text;
            ulong number = TakeUnsigned(field, ulong.MaxValue, Range(0, 1));
            return number <= 1 ? number == 1 : throw _tokens.Error(start, $"expected {expected}, found {digits}", digits, expected);
        }

        if (_tokens.Current.Kind == PrototxtTokenKind.Identifier)
        {
            switch (_tokens.Text)
            {
                case "true" or "True" or "t":
                    _tokens.Next();
                    return true;
                case "false" or "False" or "f":
                    _tokens.Next();
                    return false;
            }
        }

        throw _tokens.Expected(expected);
    }

    private object TakeEnum(FieldDescriptor field)
    {
        EnumDescriptor type = field.EnumType;
        PrototxtToken token = _tokens.Current;
        if (token.Kind == PrototxtTokenKind.Identifier)
        {
            string name = _tokens.Text;
            EnumValueDescriptor? value = type.FindValueByName(name);
            if (value is null)
            {
                throw Unknown(token.Start, $"\"{PrototxtTokenizer.Shorten(name)}\"", NearestName.Find(name, Names(type)));
            }

            _tokens.Next();
            return value.Number;
        }

        if (token.Kind == PrototxtTokenKind.Integer || _tokens.Is('-') || _tokens.Is('+'))
        {
            int number = (int)TakeInteger(field, int.MinValue, int.MaxValue);
            return type.FindValueByNumber(number) is null
                ? throw Unknown(token.Start, number.ToString(CultureInfo.InvariantCulture), null)
                : number;
        }

        string? hint = null;
        if (token.Kind == PrototxtTokenKind.String)
        {
            hint = field.ContainingType == V1LayerParameter.Descriptor
                ? "a type in quotes belongs to the newer \"layer { }\"; in \"layers { }\" write a name such as CONVOLUTION"
                : "names stand without quotes";
        }

        throw _tokens.Expected($"one of {ShortList(type)} for \"{field.Name}\"", hint);

        PrototxtException Unknown(int offset, string found, string? near) => _tokens.Error(
            offset,
            $"\"{field.Name}\" has no value {found}; known are {ShortList(type)}",
            found,
            ShortList(type),
            near is null ? null : $"did you mean {near}?");
    }

    private static IEnumerable<string> Names(EnumDescriptor type) => type.Values.Select(v => v.Name);

    private static string ShortList(EnumDescriptor type)
    {
        var names = Names(type).ToList();
        string list = string.Join(", ", names.Take(8));
        return names.Count > 8 ? FormattableString.Invariant($"{list}, ... ({names.Count} in all)") : list;
    }

    private string TakeText(FieldDescriptor field)
    {
        int start = _tokens.Current.Start;
        return PrototxtString.ToText(TakeBytes(field))
            ?? throw _tokens.Error(start, $"the escapes in \"{field.Name}\" do not make UTF-8 text", null, "UTF-8 text");
    }

    private byte[] TakeBytes(FieldDescriptor field)
    {
        if (_tokens.Current.Kind != PrototxtTokenKind.String)
        {
            string? hint = _tokens.Current.Kind != PrototxtTokenKind.Identifier ? null
                : field.ContainingType == LayerParameter.Descriptor && field.Name == "type" ? LayerTypeHint(_tokens.Text)
                : $"text stands in quotes: {field.Name}: \"{PrototxtTokenizer.Shorten(_tokens.Text)}\"";
            throw _tokens.Expected($"a string in quotes for \"{field.Name}\"", hint);
        }

        _bytes.Clear();
        while (_tokens.Current.Kind == PrototxtTokenKind.String)
        {
            int bad = PrototxtString.Decode(_tokens.Span, _bytes);
            if (bad >= 0)
            {
                int length = Math.Min(2, _tokens.Current.End - 1 - _tokens.Current.Start - bad);
                string found = _tokens.Span.Slice(bad, length).ToString();
                throw _tokens.Error(
                    _tokens.Current.Start + bad,
                    $"the escape \"{found}\" is not known",
                    found,
                    "\\n, \\t, \\\\, \\\", an octal or a \\x hexadecimal number",
                    "a backslash itself is written \\\\; in paths use /");
            }

            _tokens.Next();
        }

        return _bytes.ToArray();
    }

    private static string LayerTypeHint(string word)
    {
        EnumValueDescriptor? old = V1LayerParameter.Descriptor.FindFieldByName("type").EnumType.FindValueByName(word);
        string name = old is null ? word : LegacyLayerTypes.FromV1((V1LayerParameter.Types.LayerType)old.Number) ?? word;
        return $"in \"layer {{ }}\" a type stands in quotes: type: \"{PrototxtTokenizer.Shorten(name)}\"";
    }
}
