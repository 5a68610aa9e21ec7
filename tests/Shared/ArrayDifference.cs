using System.Globalization;
using System.Text;
using Cortado.Tensors;

namespace Cortado.Tests;

/// <summary>Compares arrays as the golden data asks: within a share of the expected array's largest magnitude, NaN and infinity in place.</summary>
public static class ArrayDifference
{
    /// <summary>The tolerance where the golden data names no other: ten times what other BLAS kernels change.</summary>
    public const double Tolerance = 1e-5;

    // -FLT_MAX of an empty pooling window is a mark, not a magnitude: it would make every other value's tolerance infinite.
    private const float Huge = 1e30f;

    /// <summary>What is wrong with the array found, or null. Names the shape, the first and the worst element.</summary>
    public static string? Describe(string what, ReadOnlySpan<float> expected, ReadOnlySpan<float> found, double tolerance = Tolerance)
    {
        if (expected.Length != found.Length) return Text($"{what}: has {found.Length} values; expected {expected.Length}.");
        double largest = 0;
        foreach (float value in expected)
            if (Math.Abs(value) < Huge) largest = Math.Max(largest, Math.Abs(value));
        double allowed = tolerance * largest;
        int wrong = 0, first = -1, worst = -1;
        double worstBy = -1;
        for (int i = 0; i < expected.Length; i++)
        {
            if (Agree(expected[i], found[i], allowed, tolerance)) continue;
            if (first < 0) first = i;
            wrong++;
            double by = Math.Abs((double)expected[i] - found[i]);
            if (double.IsNaN(by)) by = double.MaxValue;
            if (by > worstBy) (worstBy, worst) = (by, i);
        }
        if (wrong == 0) return null;
        var message = new StringBuilder();
        message.Append(Text($"{what}: {wrong} of {expected.Length} values differ by more than {allowed:G3} ({tolerance:G1} of the largest magnitude {largest:G6});"));
        message.Append(Text($" first [{first}]: found {found[first]:G9}, expected {expected[first]:G9}"));
        if (worst != first) message.Append(Text($"; worst [{worst}]: found {found[worst]:G9}, expected {expected[worst]:G9}"));
        return message.Append('.').ToString();
    }

    /// <summary>As <see cref="Describe(string, ReadOnlySpan{float}, ReadOnlySpan{float}, double)"/>, and compares the shape too.</summary>
    public static string? Describe(string what, GoldenArray expected, Shape shape, ReadOnlySpan<float> found, double tolerance = Tolerance)
    {
        if (!shape.ToArray().SequenceEqual(expected.Shape))
            return Text($"{what}: has shape ({string.Join(", ", shape.ToArray())}); expected ({string.Join(", ", expected.Shape)}).");
        return Describe(what, expected.Values, found, tolerance);
    }

    /// <summary>What is wrong with a single number, or null.</summary>
    public static string? Describe(string what, double expected, double found, double tolerance = Tolerance) =>
        Agree((float)expected, (float)found, tolerance * Math.Abs(expected), tolerance) ? null
            : Text($"{what}: found {found:G9}, expected {expected:G9} (tolerance {tolerance:G1} of it).");

    private static bool Agree(float expected, float found, double allowed, double tolerance)
    {
        if (float.IsNaN(expected)) return float.IsNaN(found);
        if (float.IsInfinity(expected) || float.IsInfinity(found)) return expected == found;
        if (Math.Abs(expected) >= Huge) allowed = tolerance * Math.Abs(expected);
        return Math.Abs((double)expected - found) <= allowed;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
