using System.Numerics;
using Cortado.Backends.Cpu;

namespace Cortado.Tests.Layers;

/// <summary>Element-wise functions at their edges, and the vector exponentials against the scalar ones in double precision.</summary>
public class ActivationTests
{
    [Fact]
    public void ExpIsRightToTheLastPlaces()
    {
        for (double x = -87; x < 88.7; x += 0.00137)
            Assert.InRange(Exp((float)x) / Math.Exp((float)x) - 1, -2.5e-7, 2.5e-7);
        Assert.Equal(1, Exp(0));
        Assert.Equal(float.PositiveInfinity, Exp(88.8f));
        Assert.Equal(float.PositiveInfinity, Exp(float.PositiveInfinity));
        Assert.Equal(0, Exp(-105));
        Assert.Equal(0, Exp(float.NegativeInfinity));
        Assert.True(float.IsNaN(Exp(float.NaN)));
        Assert.InRange(Exp(-100) / Math.Exp(-100), 0.95, 1.05);
    }

    [Fact]
    public void TanhIsRightToTheLastPlaces()
    {
        for (double x = -12; x < 12; x += 0.000317)
            Assert.InRange(Tanh((float)x) / Math.Tanh((float)x) - 1, -3e-7, 3e-7);
        foreach (float x in new[] { 0, -0.0f, 1e-30f, 20, -20, 1e30f, float.PositiveInfinity, float.NegativeInfinity, float.NaN })
            Assert.Equal(MathF.Tanh(x), Tanh(x));
    }

    /// <summary>Formulas of Caffe's layers in double precision, at places where a careless one overflows or is undefined.</summary>
    [Theory]
    [InlineData("Sigmoid", "", new[] { -200f, -1, 0, 3, 200 }, new[] { 0, 0.268941421f, 0.5f, 0.952574127f, 1 })]
    [InlineData("ELU", "elu_param { alpha: 2 }", new[] { -200f, -1, 0, 3 }, new[] { -2, -1.26424112f, 0, 3 })]
    [InlineData("BNLL", "", new[] { -200f, 0, 200 }, new[] { 0, 0.693147181f, 200 })]
    [InlineData("Swish", "swish_param { beta: 2 }", new[] { -200f, -1, 0, 1 }, new[] { 0, -0.119202922f, 0, 0.880797078f })]
    [InlineData("Clip", "clip_param { min: -1 max: 2 }", new[] { -3f, 0.5f, 3, float.NaN }, new[] { -1, 0.5f, 2, -1 })]
    [InlineData("Threshold", "threshold_param { threshold: 0.5 }", new[] { 0.5f, 0.6f, float.NaN }, new[] { 0f, 1, 0 })]
    [InlineData("AbsVal", "", new[] { -2f, 0, 3 }, new[] { 2f, 0, 3 })]
    [InlineData("Exp", "exp_param { base: 2 scale: 3 shift: 1 }", new[] { 0f, 1, -1 }, new[] { 2, 16, 0.25f })]
    [InlineData("Log", "log_param { base: 10 scale: 2 shift: 1 }", new[] { 0f, 4.5f, -1 }, new[] { 0, 1, float.NaN })]
    [InlineData("Power", "power_param { power: 3 scale: 2 shift: 1 }", new[] { 0f, 1, -1 }, new[] { 1f, 27, -1 })]
    [InlineData("Power", "power_param { power: 0 scale: 2 shift: 0 }", new[] { 0f, float.NaN }, new[] { 1f, 1 })]
    [InlineData("Power", "power_param { scale: 0 shift: 5 }", new[] { 0f, 7 }, new[] { 5f, 5 })]
    public void Values(string type, string settings, float[] x, float[] expected)
    {
        // Once as whole vectors, once as the few elements behind them.
        foreach (int copies in new[] { 1, 16 })
        {
            using var net = new SmallNet($"layer {{ name: \"l\" type: \"{type}\" bottom: \"x\" top: \"y\" {settings} }}", [$"x {copies * x.Length}"]);
            net.Set("x", [.. Enumerable.Range(0, copies).SelectMany(_ => x)]);
            float[] y = net.Forward().Data("y");
            for (int i = 0; i < y.Length; i++)
            {
                float wanted = expected[i % expected.Length];
                Assert.True(float.IsNaN(wanted) ? float.IsNaN(y[i]) : Math.Abs(y[i] - wanted) <= 1e-6 * Math.Max(1, Math.Abs(wanted)), $"[{i}]: {y[i]}, expected {wanted}");
            }
        }
    }

    private static float Exp(float x) => Exponentials.Exp(new Vector<float>(x))[0];

    private static float Tanh(float x) => Exponentials.Tanh(new Vector<float>(x))[0];
}
