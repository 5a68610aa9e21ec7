using Cortado.Backends;
using Cortado.Backends.Contracts;
using Cortado.Backends.Cpu;
using Cortado.Tensors;

namespace Cortado.Tests.Backends;

/// <summary>Sums over whole arrays, and the search for the first value that is not finite.</summary>
public class VectorNormTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(8191)]
    [InlineData(8193)]
    [InlineData(100003)]
    public void SumsAgreeWithDoubles(int count)
    {
        double squares = 0, absolutes = 0;
        float[] values = Values(count);
        foreach (float value in values)
        {
            squares += (double)value * value;
            absolutes += Math.Abs((double)value);
        }
        for (int threads = 1; threads < 4; threads++)
        {
            using var backend = new CpuBackend(threads);
            using DeviceBuffer buffer = backend.Allocate(count);
            values.CopyTo(buffer.Write());
            using IVectorNorm norm = backend.Prepare(new VectorNormSpec(count));
            Assert.Equal(squares, norm.SumOfSquares(buffer), squares * 1e-6);
            Assert.Equal(absolutes, norm.AbsSum(buffer), absolutes * 1e-6);
        }
    }

    [Fact]
    public void AnyNumberOfThreadsGivesTheSameBits()
    {
        float[] values = Values(300001);
        (double Squares, double Absolutes)[] found = new[] { 1, 2, 3, 7 }.Select(threads =>
        {
            using var backend = new CpuBackend(threads);
            using DeviceBuffer buffer = backend.Allocate(values.Length);
            values.CopyTo(buffer.Write());
            using IVectorNorm norm = backend.Prepare(new VectorNormSpec(values.Length));
            return (norm.SumOfSquares(buffer), norm.AbsSum(buffer));
        }).ToArray();
        Assert.Single(found.Distinct());
    }

    /// <summary>A buffer may be longer than the count; what lies beyond does not count.</summary>
    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void TheFirstNonFiniteValueIsFoundWhereverItIs(float bad)
    {
        const int Count = 16500;
        using var backend = new CpuBackend(2);
        using DeviceBuffer buffer = backend.Allocate(Count + 10);
        using IVectorNorm norm = backend.Prepare(new VectorNormSpec(Count));
        buffer.Write().Fill(float.MaxValue);
        buffer.Update()[0] = float.Epsilon;
        buffer.Update()[Count] = bad;
        Assert.Equal(-1, norm.FirstNonFinite(buffer));
        foreach (int index in new[] { 0, 1, 15, 16, 63, 64, 8191, 8192, 16383, 16384, Count - 1 })
        {
            float kept = buffer.Read()[index];
            buffer.Update()[index] = bad;
            Assert.Equal(index, norm.FirstNonFinite(buffer));
            buffer.Update()[Count - 1] = bad;
            Assert.Equal(index, norm.FirstNonFinite(buffer));
            buffer.Update()[Count - 1] = float.MaxValue;
            buffer.Update()[index] = kept;
        }
    }

    private static float[] Values(int count)
    {
        var random = new CounterRandom(9, 0);
        return Enumerable.Range(0, count).Select(i => 3 * random.Uniform((ulong)i) - 1).ToArray();
    }
}
