using System.Globalization;

namespace Cortado.Solvers;

/// <summary>
/// Numbers as C++ streams write them by default, and so as Caffe's logs have them: six significant digits, no trailing zeros,
/// an exponent of at least two digits where it is below -4 or above 5, <c>nan</c> and <c>-nan</c>, <c>inf</c> and <c>-inf</c>.
/// </summary>
public static class CaffeNumber
{
    private const int Digits = 6;

    /// <summary>The text of a number.</summary>
    public static string Format(double value)
    {
        if (double.IsNaN(value)) return BitConverter.DoubleToInt64Bits(value) < 0 ? "-nan" : "nan";
        if (double.IsInfinity(value)) return value > 0 ? "inf" : "-inf";
        if (value == 0) return BitConverter.DoubleToInt64Bits(value) < 0 ? "-0" : "0";

        // d.ddddde+xxx: rounded to six digits first, because rounding decides the exponent (999999.5 is 1e+06).
        string scientific = value.ToString("e5", CultureInfo.InvariantCulture);
        int mark = scientific.IndexOf('e');
        int exponent = int.Parse(scientific.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        if (exponent is >= -4 and < Digits)
            return Trim(value.ToString("F" + (Digits - 1 - exponent).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));
        int size = Math.Abs(exponent);
        return Trim(scientific[..mark]) + (exponent < 0 ? "e-" : "e+") + size.ToString("00", CultureInfo.InvariantCulture);
    }

    private static string Trim(string digits) => digits.Contains('.') ? digits.TrimEnd('0').TrimEnd('.') : digits;
}
