using System.Globalization;

namespace Cortado.Cli.Inspection;

/// <summary>Least, greatest, mean and standard deviation of the finite values of an array, and how many are not finite.</summary>
internal sealed class ArrayStatistics
{
    private double _sum, _squares;

    /// <summary>The heading of the cells that <see cref="Cells"/> gives.</summary>
    public static readonly string[] Headings = [">min", ">max", ">mean", ">std", ">non-finite"];

    public long Count { get; private set; }

    public long NonFinite { get; private set; }

    public double Min { get; private set; } = double.PositiveInfinity;

    public double Max { get; private set; } = double.NegativeInfinity;

    public double Mean => Finite == 0 ? double.NaN : _sum / Finite;

    public double StandardDeviation => Finite == 0 ? double.NaN : Math.Sqrt(Math.Max(0, _squares / Finite - Mean * Mean));

    private long Finite => Count - NonFinite;

    public void Add(ReadOnlySpan<float> values)
    {
        Count += values.Length;
        foreach (float value in values)
        {
            if (!float.IsFinite(value))
            {
                NonFinite++;
                continue;
            }
            Min = Math.Min(Min, value);
            Max = Math.Max(Max, value);
            _sum += value;
            _squares += (double)value * value;
        }
    }

    public void Add(ReadOnlySpan<byte> values)
    {
        Count += values.Length;
        long sum = 0, squares = 0;
        foreach (byte value in values)
        {
            Min = Math.Min(Min, value);
            Max = Math.Max(Max, value);
            sum += value;
            squares += value * value;
        }
        _sum += sum;
        _squares += squares;
    }

    /// <summary>The numbers as a table shows them.</summary>
    public string[] Cells() => Finite == 0
        ? ["-", "-", "-", "-", Number(NonFinite)]
        : [Short(Min), Short(Max), Short(Mean), Short(StandardDeviation), Number(NonFinite)];

    private static string Short(double value) => value.ToString("G5", CultureInfo.InvariantCulture);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
