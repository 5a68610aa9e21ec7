using Cortado.Backends;
using Cortado.Backends.Contracts;
using Cortado.Tensors;

namespace Cortado.Tests.Solvers;

/// <summary>Each fused update against its formula written out in double for one weight at a time.</summary>
public class UpdateRuleTests
{
    private const int Steps = 5;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    [InlineData(4096 * 3 + 5)]
    public void Sgd(int count) => Check(count, false,
        (backend, b, terms) => backend.Prepare(new SgdUpdateSpec(count)).Apply(b[0], b[1], b[2], terms, 0.1f, 0.9f),
        (double g, ref double h, ref double _) => h = 0.9f * h + 0.1f * g);

    [Theory]
    [InlineData(9)]
    [InlineData(5000)]
    public void Nesterov(int count) => Check(count, false,
        (backend, b, terms) => backend.Prepare(new NesterovUpdateSpec(count)).Apply(b[0], b[1], b[2], terms, 0.1f, 0.9f),
        (double g, ref double h, ref double _) =>
        {
            double before = h;
            h = 0.9f * h + 0.1f * g;
            return 1.9f * h - 0.9f * before;
        });

    [Theory]
    [InlineData(9)]
    [InlineData(5000)]
    public void AdaGrad(int count) => Check(count, false,
        (backend, b, terms) => backend.Prepare(new AdaGradUpdateSpec(count)).Apply(b[0], b[1], b[2], terms, 0.1f, 1e-6f),
        (double g, ref double h, ref double _) =>
        {
            h += g * g;
            return 0.1f * g / (Math.Sqrt(h) + 1e-6f);
        });

    [Theory]
    [InlineData(9)]
    [InlineData(5000)]
    public void RmsProp(int count) => Check(count, false,
        (backend, b, terms) => backend.Prepare(new RmsPropUpdateSpec(count)).Apply(b[0], b[1], b[2], terms, 0.1f, 0.95f, 1e-5f),
        (double g, ref double h, ref double _) =>
        {
            h = 0.95f * h + (1 - 0.95f) * g * g;
            return 0.1f * g / (Math.Sqrt(h) + 1e-5f);
        });

    [Theory]
    [InlineData(9)]
    [InlineData(5000)]
    public void AdaDelta(int count) => Check(count, true,
        (backend, b, terms) => backend.Prepare(new AdaDeltaUpdateSpec(count)).Apply(b[0], b[1], b[2], b[3], terms, 1, 0.95f, 1e-6f),
        (double g, ref double squares, ref double updates) =>
        {
            squares = 0.95f * squares + (1 - 0.95f) * g * g;
            double step = g * Math.Sqrt((updates + 1e-6f) / (squares + 1e-6f));
            updates = 0.95f * updates + (1 - 0.95f) * step * step;
            return step;
        });

    [Theory]
    [InlineData(9)]
    [InlineData(5000)]
    public void Adam(int count) => Check(count, true,
        (backend, b, terms) => backend.Prepare(new AdamUpdateSpec(count)).Apply(b[0], b[1], b[2], b[3], terms, 0.01f, 0.9f, 0.999f, 1e-8f),
        (double g, ref double m, ref double v) =>
        {
            m = 0.9f * m + (1 - 0.9f) * g;
            v = 0.999f * v + (1 - 0.999f) * g * g;
            return 0.01f * m / (Math.Sqrt(v) + 1e-8f);
        });

    [Fact]
    public void DecayOfZeroLeavesAnInfiniteWeight()
    {
        using IBackend backend = TestBackend.Create();
        using DeviceBuffer w = backend.Allocate(3), d = backend.Allocate(3), h = backend.Allocate(3);
        w.Update()[1] = float.PositiveInfinity;
        backend.Prepare(new SgdUpdateSpec(3)).Apply(w, d, h, GradientTerms.None, 0.1f, 0.9f);
        Assert.Equal(float.PositiveInfinity, w.Read()[1]);
        backend.Prepare(new SgdUpdateSpec(3)).Apply(w, d, h, GradientTerms.None with { Decay = 0.5f }, 0.1f, 0.9f);
        Assert.True(float.IsNaN(w.Read()[1]));
    }

    private delegate double Formula(double gradient, ref double first, ref double second);

    private static void Check(int count, bool second, Action<IBackend, DeviceBuffer[], GradientTerms> apply, Formula formula)
    {
        GradientTerms[] all =
        [
            GradientTerms.None,
            new(0.3f, 0.5f, 0.01f, Regularization.L2),
            new(0.7f, 1, 0.02f, Regularization.L1),
        ];
        using IBackend backend = TestBackend.Create();
        foreach (GradientTerms terms in all)
        {
            DeviceBuffer[] buffers = [backend.Allocate(count), backend.Allocate(count), backend.Allocate(count), backend.Allocate(count)];
            var random = new Random(count);
            var w = new double[count];
            double[] a = new double[count], b = new double[count];
            for (int i = 0; i < count; i++) w[i] = buffers[0].Update()[i] = i == 3 ? 0 : (float)(random.NextDouble() - 0.5);
            for (int step = 0; step < Steps; step++)
            {
                for (int i = 0; i < count; i++)
                {
                    float raw = (float)(random.NextDouble() - 0.5);
                    buffers[1].Update()[i] = raw;
                    // In float, as documented: where gradient and decay all but cancel, adaptive rules magnify the rounding.
                    float weight = buffers[0].Read()[i], gradient = raw * terms.ClipScale * terms.Normalization;
                    gradient += terms.Decay * (terms.Regularization == Regularization.L1 ? Math.Sign(weight) : weight);
                    w[i] -= formula(gradient, ref a[i], ref b[i]);
                }
                apply(backend, buffers, terms);
                Assert.True(buffers[1].Read()[..count].IndexOfAnyExcept(0f) < 0);
            }
            Compare(w, buffers[0]);
            Compare(a, buffers[2]);
            if (second) Compare(b, buffers[3]);
            else Assert.True(buffers[3].Read()[..count].IndexOfAnyExcept(0f) < 0);
        }
    }

    private static void Compare(double[] expected, DeviceBuffer found) =>
        Assert.Null(ArrayDifference.Describe("after the update", Array.ConvertAll(expected, value => (float)value), found.Read()[..expected.Length]));
}
