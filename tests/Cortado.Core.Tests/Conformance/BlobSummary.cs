using System.Text.Json;
using Cortado.Tensors;

namespace Cortado.Tests.Conformance;

/// <summary>Compares a large array with what the golden index keeps of it: shape, statistics in double, and its first values.</summary>
internal static class BlobSummary
{
    public static void Compare(Findings findings, string what, JsonElement expected, Shape shape, ReadOnlySpan<float> found, double tolerance = ArrayDifference.Tolerance)
    {
        int[] dims = expected.GetProperty("shape").EnumerateArray().Select(dim => dim.GetInt32()).ToArray();
        if (!dims.SequenceEqual(shape.ToArray()))
        {
            findings.Add($"{what}: has shape {shape}; expected ({string.Join(", ", dims)}).");
            return;
        }
        double sum = 0, absolute = 0, min = double.MaxValue, max = double.MinValue;
        foreach (float value in found)
        {
            sum += value;
            absolute += Math.Abs((double)value);
            min = Math.Min(min, value);
            max = Math.Max(max, value);
        }
        double mean = sum / found.Length, squares = 0;
        foreach (float value in found) squares += (value - mean) * (value - mean);

        double Number(string name) => expected.GetProperty(name).GetDouble();
        double largest = Math.Max(Math.Abs(Number("min")), Math.Abs(Number("max")));
        void Near(string name, double value, double scale)
        {
            if (!(Math.Abs(value - Number(name)) <= tolerance * scale))
                findings.Add(FormattableString.Invariant($"{what}: {name} is {value:G9}; expected {Number(name):G9} within {tolerance * scale:G3}."));
        }

        Near("mean", mean, largest);
        Near("std", Math.Sqrt(squares / found.Length), largest);
        Near("min", min, largest);
        Near("max", max, largest);
        // A sum of signed values is judged by what was added up.
        Near("sum", sum, Number("abs_sum"));
        Near("abs_sum", absolute, Number("abs_sum"));
        float[] first = expected.GetProperty("first16").EnumerateArray().Select(value => value.GetSingle()).ToArray();
        for (int i = 0; i < first.Length; i++)
            if (!(Math.Abs((double)found[i] - first[i]) <= tolerance * largest))
                findings.Add(FormattableString.Invariant($"{what}[{i}]: found {found[i]:G9}, expected {first[i]:G9} within {tolerance * largest:G3}."));
    }
}
