namespace Cortado.Cli.Timing;

/// <summary>The middle of a set of times, which a single interruption does not move.</summary>
internal static class Median
{
    public static double Of(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty) return 0;
        double[] sorted = values.ToArray();
        Array.Sort(sorted);
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
