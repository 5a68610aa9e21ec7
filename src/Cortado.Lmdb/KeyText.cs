using System.Globalization;
using System.Text;

namespace Cortado.Lmdb;

/// <summary>Shows a key in a message: as text where it is printable ASCII, else in hexadecimal.</summary>
internal static class KeyText
{
    private const int Longest = 80;

    public static string Of(ReadOnlySpan<byte> key)
    {
        bool printable = key.Length > 0;
        foreach (byte b in key) printable &= b is >= 32 and < 127;
        ReadOnlySpan<byte> shown = key.Length > Longest ? key.Slice(0, Longest) : key;
        var text = new StringBuilder(printable ? "'" : "0x");
        foreach (byte b in shown)
        {
            if (printable) text.Append((char)b);
            else text.Append(b.ToString("x2", CultureInfo.InvariantCulture));
        }

        if (shown.Length < key.Length) text.Append("...");
        if (printable) text.Append('\'');
        return text.ToString();
    }
}
