using System.Globalization;
using System.Text;

namespace Cortado.Formats;

/// <summary>
/// Numbers as protobuf prints them: C's <c>%g</c> with the digits that always survive (6 for float, 15 for double), and where those
/// do not read back to the same number, with all that matter (9 and 17).
/// </summary>
internal static class NumberText
{
    public static string OfFloat(float value)
    {
        string text = General(value, 6);
        return float.IsNaN(value) || float.IsInfinity(value) || (float)Parse(text) == value ? text : General(value, 9);
    }

    public static string OfDouble(double value)
    {
        string text = General(value, 15);
        return double.IsNaN(value) || double.IsInfinity(value) || Parse(text) == value ? text : General(value, 17);
    }

    private static double Parse(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>C's <c>%.{digits}g</c>.</summary>
    private static string General(double value, int digits)
    {
        if (double.IsNaN(value))
        {
            return "nan";
        }

        if (double.IsInfinity(value))
        {
            return value > 0 ? "inf" : "-inf";
        }

        // "-d.ddddE+007": the digits and exponent after rounding.
        string scientific = value.ToString(FormattableString.Invariant($"E{digits - 1}"), CultureInfo.InvariantCulture);
        int e = scientific.IndexOf('E', StringComparison.Ordinal);
        int exponent = int.Parse(scientific.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        bool negative = BitConverter.DoubleToInt64Bits(value) < 0;
        string mantissa = scientific[(scientific[0] == '-' ? 1 : 0)..e].Replace(".", string.Empty, StringComparison.Ordinal).TrimEnd('0');
        mantissa = mantissa.Length == 0 ? "0" : mantissa;

        var text = new StringBuilder();
        text.Append(negative ? "-" : string.Empty);
        if (exponent < -4 || exponent >= digits)
        {
            text.Append(mantissa[0]);
            if (mantissa.Length > 1)
            {
                text.Append('.').Append(mantissa, 1, mantissa.Length - 1);
            }

            text.Append(exponent < 0 ? "e-" : "e+").Append(Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture));
        }
        else if (exponent < 0)
        {
            text.Append("0.").Append('0', -exponent - 1).Append(mantissa);
        }
        else if (mantissa.Length <= exponent + 1)
        {
            text.Append(mantissa).Append('0', exponent + 1 - mantissa.Length);
        }
        else
        {
            text.Append(mantissa, 0, exponent + 1).Append('.').Append(mantissa, exponent + 1, mantissa.Length - exponent - 1);
        }

        return text.ToString();
    }
}
