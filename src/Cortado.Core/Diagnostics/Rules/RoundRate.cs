using System.Globalization;

namespace Cortado.Diagnostics.Rules;

/// <summary>Learning rates as people write them.</summary>
internal static class RoundRate
{
    private static readonly double[] Steps = { 5, 3, 2, 1 };

    /// <summary>The largest of 1, 2, 3 or 5 times a power of ten that is not above <paramref name="rate"/>, as text.</summary>
    public static string Down(double rate)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(rate * 1.000001)));
        double rounded = power;
        foreach (double step in Steps)
        {
            if (step * power > rate * 1.000001) continue;
            rounded = step * power;
            break;
        }
        return rounded.ToString("0.############", CultureInfo.InvariantCulture);
    }
}
