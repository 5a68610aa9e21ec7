namespace Cortado.Diagnostics;

/// <summary>Plain statistics of an array of floats, in double precision.</summary>
/// <param name="Count">Elements.</param>
/// <param name="Min">The smallest finite value.</param>
/// <param name="Max">The largest finite value.</param>
/// <param name="Mean">The mean of the finite values.</param>
/// <param name="MeanSquare">The mean of their squares.</param>
/// <param name="NonFinite">How many elements are NaN or infinite.</param>
/// <param name="FirstNonFinite">The first such element, or -1.</param>
public sealed record BlobStatistics(int Count, float Min, float Max, double Mean, double MeanSquare, int NonFinite, int FirstNonFinite)
{
    /// <summary>The root of the mean square.</summary>
    public double Rms => Math.Sqrt(MeanSquare);

    /// <summary>Measures an array.</summary>
    public static BlobStatistics Of(ReadOnlySpan<float> values)
    {
        float min = float.PositiveInfinity, max = float.NegativeInfinity;
        double sum = 0, squares = 0;
        int bad = 0, firstBad = -1;
        for (int i = 0; i < values.Length; i++)
        {
            float x = values[i];
            if (float.IsNaN(x) || float.IsInfinity(x))
            {
                if (bad++ == 0) firstBad = i;
                continue;
            }
            if (x < min) min = x;
            if (x > max) max = x;
            sum += x;
            squares += (double)x * x;
        }
        int good = Math.Max(1, values.Length - bad);
        return new BlobStatistics(values.Length, min, max, sum / good, squares / good, bad, firstBad);
    }
}
