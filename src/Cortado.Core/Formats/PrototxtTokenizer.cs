namespace Cortado.Formats;

internal enum PrototxtTokenKind
{
    End,
    Identifier,
    Integer,
    Real,
    String,
    Symbol,
}

/// <summary>A piece of the text; strings keep their quotes and escapes.</summary>
internal readonly record struct PrototxtToken(PrototxtTokenKind Kind, int Start, int End);

/// <summary>
/// Cuts a prototxt into tokens by the rules of protobuf's text format: <c>#</c> comments, no space needed between a number and a
/// name, an <c>f</c> allowed after a number, strings within one line.
/// </summary>
internal sealed class PrototxtTokenizer
{
    private readonly string _text;
    private readonly SourceMap _map;
    private readonly string _fileName;

    public PrototxtTokenizer(string text, string fileName, SourceMap map)
    {
        _text = text;
        _fileName = fileName;
        _map = map;
        Next();
    }

    /// <summary>The token under the cursor.</summary>
    public PrototxtToken Current { get; private set; }

    /// <summary>Where the token before the cursor ended.</summary>
    public int PreviousEnd { get; private set; }

    public ReadOnlySpan<char> Span => _text.AsSpan(Current.Start, Current.End - Current.Start);

    public string Text => Span.ToString();

    public string Source => _text;

    public bool Is(char symbol) => Current.Kind == PrototxtTokenKind.Symbol && _text[Current.Start] == symbol;

    public bool TryTake(char symbol)
    {
        if (!Is(symbol))
        {
            return false;
        }

        Next();
        return true;
    }

    public void Next()
    {
        PreviousEnd = Current.End;
        int at = SkipBlanks(Current.End);
        Current = at == _text.Length ? new PrototxtToken(PrototxtTokenKind.End, at, at) : Read(at);
    }

    public PrototxtException Error(int offset, string problem, string? found = null, string? expected = null, string? suggestion = null)
    {
        (int line, int column) = _map.Position(offset);
        return new PrototxtException(_fileName, line, column, problem, found, expected, suggestion);
    }

    public PrototxtException Expected(string expected, string? suggestion = null)
    {
        string found = Describe();
        return Error(Current.Start, $"expected {expected}, found {found}", found, expected, suggestion);
    }

    public string Describe() => Current.Kind switch
    {
        PrototxtTokenKind.End => "the end of the file",
        PrototxtTokenKind.String => "the string " + Shorten(Text),
        PrototxtTokenKind.Symbol => $"\"{Text}\"",
        _ => Shorten(Text),
    };

    public static string Shorten(string text) => text.Length <= 60 ? text : text[..57] + "...";

    private static bool IsLetter(char c) => (c | 32) is >= 'a' and <= 'z' || c == '_';

    private static bool IsDigit(char c) => c is >= '0' and <= '9';

    private static bool IsHexDigit(char c) => IsDigit(c) || (c | 32) is >= 'a' and <= 'f';

    private int SkipBlanks(int at)
    {
        while (at < _text.Length)
        {
            char c = _text[at];
            if (c == '#')
            {
                int end = _text.IndexOf('\n', at);
                at = end < 0 ? _text.Length : end;
            }
            else if (c is ' ' or '\t' or '\n' or '\r' or '\f' or '\v')
            {
                at++;
            }
            else
            {
                break;
            }
        }

        return at;
    }

    private PrototxtToken Read(int start)
    {
        char c = _text[start];
        if (IsLetter(c))
        {
            int end = start + 1;
            while (end < _text.Length && (IsLetter(_text[end]) || IsDigit(_text[end])))
            {
                end++;
            }

            return new PrototxtToken(PrototxtTokenKind.Identifier, start, end);
        }

        if (IsDigit(c) || (c == '.' && IsDigit(At(start + 1))))
        {
            return ReadNumber(start);
        }

        if (c is '"' or '\'')
        {
            return new PrototxtToken(PrototxtTokenKind.String, start, EndOfString(start));
        }

        if (c is ':' or '{' or '}' or '<' or '>' or '[' or ']' or ',' or ';' or '-' or '+' or '.' or '/')
        {
            return new PrototxtToken(PrototxtTokenKind.Symbol, start, start + 1);
        }

        string found = c is > ' ' and < '\x7f' ? $"\"{c}\"" : FormattableString.Invariant($"the character U+{(int)c:X4}");
        string? hint = c is '\u201c' or '\u201d' or '\u2018' or '\u2019' ? "use straight quotes: \"" : null;
        hint = c is '\uff1a' ? "use a plain colon: \":\"" : hint;
        hint = c is < ' ' and not ('\n' or '\r' or '\t') ? "this is not text: a .caffemodel, an image or another binary file?" : hint;
        throw Error(start, $"expected a field, found {found}", found, "a field", hint);
    }

    private char At(int index) => index < _text.Length ? _text[index] : '\0';

    private PrototxtToken ReadNumber(int start)
    {
        int at = start;
        bool zero = _text[at] == '0';
        if (zero && (At(at + 1) | 32) == 'x')
        {
            at += 2;
            while (IsHexDigit(At(at)))
            {
                at++;
            }

            if (at == start + 2)
            {
                throw Error(at, "expected hexadecimal digits after \"0x\"", null, "hexadecimal digits");
            }

            return EndNumber(start, at, PrototxtTokenKind.Integer);
        }

        at = SkipDigits(at);
        if (zero && at > start + 1 && At(at) != '.' && (At(at) | 32) != 'e')
        {
            for (int i = start; i < at; i++)
            {
                if (_text[i] > '7')
                {
                    throw Error(
                        start,
                        $"\"{Shorten(_text[start..at])}\" starts with 0 and so is octal, but it has the digit {_text[i]}",
                        _text[start..at],
                        "octal digits",
                        "leave out the leading 0");
                }
            }

            return EndNumber(start, at, PrototxtTokenKind.Integer);
        }

        PrototxtTokenKind kind = PrototxtTokenKind.Integer;
        if (At(at) == '.')
        {
            kind = PrototxtTokenKind.Real;
            at = SkipDigits(at + 1);
        }

        if ((At(at) | 32) == 'e')
        {
            kind = PrototxtTokenKind.Real;
            at += At(at + 1) is '+' or '-' ? 2 : 1;
            int digits = at;
            at = SkipDigits(at);
            if (at == digits)
            {
                throw Error(start, $"expected an exponent after \"{Shorten(_text[start..at])}\"", null, "an exponent");
            }
        }

        if ((At(at) | 32) == 'f' && !IsLetter(At(at + 1)))
        {
            kind = PrototxtTokenKind.Real;
            at++;
        }

        return EndNumber(start, at, kind);
    }

    private int SkipDigits(int at)
    {
        while (IsDigit(At(at)))
        {
            at++;
        }

        return at;
    }

    private PrototxtToken EndNumber(int start, int end, PrototxtTokenKind kind)
    {
        if (At(end) == '.')
        {
            throw Error(start, $"\"{Shorten(_text[start..(end + 1)])}\" is not a number", _text[start..(end + 1)], "a number");
        }

        return new PrototxtToken(kind, start, end);
    }

    private int EndOfString(int start)
    {
        char quote = _text[start];
        for (int at = start + 1; at < _text.Length && _text[at] != '\n'; at++)
        {
            if (_text[at] == quote)
            {
                return at + 1;
            }

            if (_text[at] == '\\')
            {
                at++;
                if (At(at) == '\n')
                {
                    break;
                }
            }
        }

        throw Error(start, $"the string that starts here has no closing {quote} on its line", null, $"a closing {quote}");
    }
}
