using System.Globalization;
using Cortado.Backends.Cpu;
using Cortado.Tensors;

namespace Cortado.Tests.Backends;

/// <summary>Random inputs, and comparing with what they should have given.</summary>
internal static class Numbers
{
    public static float[] Random(int count, int seed)
    {
        var random = new CounterRandom((ulong)seed, 7);
        var values = new float[count];
        for (int i = 0; i < count; i++) values[i] = 2 * random.Uniform((ulong)i) - 1;
        return values;
    }

    public static DeviceBuffer Buffer(this CpuBackend backend, float[] values)
    {
        DeviceBuffer buffer = backend.Allocate(values.Length);
        values.CopyTo(buffer.Write());
        return buffer;
    }

    /// <summary>A buffer of values that an operator must overwrite.</summary>
    public static DeviceBuffer Garbage(this CpuBackend backend, int count)
    {
        DeviceBuffer buffer = backend.Allocate(count);
        buffer.Write().Fill(float.NaN);
        return buffer;
    }

    /// <summary>Fails unless all values agree to a share of the largest magnitude.</summary>
    public static void AssertClose(double[] expected, ReadOnlySpan<float> actual, string what, double tolerance = 1e-5)
    {
        Assert.Equal(expected.Length, actual.Length);
        double largest = 1e-30;
        foreach (double value in expected)
            if (double.IsFinite(value)) largest = Math.Max(largest, Math.Abs(value));
        for (int i = 0; i < expected.Length; i++)
        {
            bool same = double.IsFinite(expected[i]) ? Math.Abs(actual[i] - expected[i]) <= tolerance * largest
                : double.IsNaN(expected[i]) ? float.IsNaN(actual[i]) : actual[i] == (float)expected[i];
            if (!same)
                Assert.Fail(string.Format(CultureInfo.InvariantCulture, "{0}: element {1} is {2}, expected {3} (largest {4}).", what, i, actual[i], expected[i], largest));
        }
    }
}
