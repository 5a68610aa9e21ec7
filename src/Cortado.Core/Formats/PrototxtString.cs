using System.Text;

namespace Cortado.Formats;

/// <summary>The escapes of strings in the text format. A string is bytes there; text is their UTF-8.</summary>
internal static class PrototxtString
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Writes the bytes of a quoted literal (one token, quotes included) to <paramref name="bytes"/>.</summary>
    /// <returns>-1, or the offset within the token of an escape that makes no sense.</returns>
    public static int Decode(ReadOnlySpan<char> token, List<byte> bytes)
    {
        ReadOnlySpan<char> body = token[1..^1];
        Span<byte> utf8 = stackalloc byte[4];
        for (int i = 0; i < body.Length; i++)
        {
            char c = body[i];
            if (c != '\\')
            {
                int length = char.IsHighSurrogate(c) && i + 1 < body.Length && char.IsLowSurrogate(body[i + 1]) ? 2 : 1;
                Append(bytes, utf8, Encoding.UTF8.GetBytes(body.Slice(i, length), utf8));
                i += length - 1;
                continue;
            }

            int escape = i;
            if (++i == body.Length)
            {
                return escape + 1;
            }

            c = body[i];
            int simple = "abfnrtv\\'\"?".IndexOf(c, StringComparison.Ordinal);
            if (simple >= 0)
            {
                bytes.Add((byte)"\a\b\f\n\r\t\v\\'\"?"[simple]);
            }
            else if (c is >= '0' and <= '7')
            {
                int value = 0;
                int digits = 0;
                for (; digits < 3 && i < body.Length && body[i] is >= '0' and <= '7'; digits++, i++)
                {
                    value = (value * 8) + body[i] - '0';
                }

                i--;
                bytes.Add((byte)value);
            }
            else if (c is 'x' or 'X')
            {
                int digits = Hex(body[(i + 1)..], 2, out uint value);
                if (digits == 0)
                {
                    return escape + 1;
                }

                i += digits;
                bytes.Add((byte)value);
            }
            else if (c is 'u' or 'U')
            {
                int wanted = c == 'u' ? 4 : 8;
                int digits = Hex(body[(i + 1)..], wanted, out uint value);
                if (digits != wanted || value > 0x10FFFF || value is >= 0xD800 and <= 0xDFFF)
                {
                    return escape + 1;
                }

                i += digits;
                Append(bytes, utf8, Encoding.UTF8.GetBytes(char.ConvertFromUtf32((int)value).AsSpan(), utf8));
            }
            else
            {
                return escape + 1;
            }
        }

        return -1;
    }

    /// <summary>The text that the bytes stand for, or null where they are no UTF-8.</summary>
    public static string? ToText(byte[] bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>Appends the quoted literal as protobuf prints it: everything that is not printable ASCII as an escape.</summary>
    public static void Encode(ReadOnlySpan<byte> bytes, StringBuilder target)
    {
        target.Append('"');
        foreach (byte b in bytes)
        {
            switch (b)
            {
                case (byte)'\n':
                    target.Append("\\n");
                    break;
                case (byte)'\r':
                    target.Append("\\r");
                    break;
                case (byte)'\t':
                    target.Append("\\t");
                    break;
                case (byte)'"' or (byte)'\'' or (byte)'\\':
                    target.Append('\\').Append((char)b);
                    break;
                case < 0x20 or >= 0x7f:
                    target.Append('\\').Append((char)('0' + (b >> 6))).Append((char)('0' + ((b >> 3) & 7))).Append((char)('0' + (b & 7)));
                    break;
                default:
                    target.Append((char)b);
                    break;
            }
        }

        target.Append('"');
    }

    private static int Hex(ReadOnlySpan<char> text, int most, out uint value)
    {
        value = 0;
        int digits = 0;
        for (; digits < most && digits < text.Length && Uri.IsHexDigit(text[digits]); digits++)
        {
            value = (value * 16) + (uint)Uri.FromHex(text[digits]);
        }

        return digits;
    }

    private static void Append(List<byte> bytes, ReadOnlySpan<byte> buffer, int count)
    {
        for (int i = 0; i < count; i++)
        {
            bytes.Add(buffer[i]);
        }
    }
}
