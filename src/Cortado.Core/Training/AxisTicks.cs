namespace Cortado.Training;

/// <summary>Round numbers along an axis: 1, 2 or 5 times a power of ten apart.</summary>
public static class AxisTicks
{
    /// <summary>Marks between two ends.</summary>
    /// <param name="least">The axis's least value.</param>
    /// <param name="most">Its largest value.</param>
    /// <param name="wanted">About how many marks.</param>
    public static IReadOnlyList<ChartTick> Of(double least, double most, int wanted)
    {
        var ticks = new List<ChartTick>();
        if (!(most > least)) return ticks;
        double step = RoundUp((most - least) / wanted);
        for (double i = Math.Ceiling(least / step); i * step <= most * (1 + 1e-9); i++)
            ticks.Add(new ChartTick((float)((i * step - least) / (most - least)), i * step));
        return ticks;
    }

    /// <summary>The least of 1, 2, 5, 10, ... times a power of ten that is not below a positive number.</summary>
    public static double RoundUp(double value)
    {
        if (!(value > 0)) return 1;
        double power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        foreach (double factor in new[] { 1.0, 2.0, 5.0 })
            if (factor * power >= value * (1 - 1e-9)) return factor * power;
        return 10 * power;
    }
}
