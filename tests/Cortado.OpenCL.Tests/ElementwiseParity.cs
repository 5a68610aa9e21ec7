using Cortado.Backends;
using Cortado.Backends.Contracts;
using Cortado.Tensors;
using CsCheck;

namespace Cortado.Tests;

/// <summary>Functions of single elements, several arrays at a time, dropout and updates.</summary>
[Collection(nameof(ParityCollection))]
public class ElementwiseParity(Parity parity)
{
    private static readonly int[] Counts = [1, 3, 16, 17, 1000, 4097];

    private static readonly float[] Awkward = [0, -0f, 1, -1, 50, -50, 100, -100, 1e-30f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.MinValue];

    public static TheoryData<string> Activations => new(Functions(1).Keys);

    [Theory]
    [MemberData(nameof(Activations))]
    public void Activation(string name) => Activate(name, Counts);

    internal void Activate(string name, int[] counts)
    {
        foreach (int count in counts)
            parity.Compare($"{name} of {count}", stage =>
            {
                // A logarithm of what is negative is NaN: that is compared below.
                float from = name.StartsWith("Log", StringComparison.Ordinal) || name.StartsWith("Power 1.5", StringComparison.Ordinal) ? 0.1f : -3;
                IActivation op = stage.Prepare(Functions(count)[name]);
                DeviceBuffer x = stage.Random(count, from, 3), y = stage.Room(count), dy = stage.Random(count), dx = stage.Room(count);
                op.Forward(x, y);
                op.Backward(x, y, dy, dx);
                stage.Show("output", y, count);
                stage.Show("gradient", dx, count);
                op.Forward(x, x);
                op.Backward(y, y, dy, dy);
                stage.Show("output in place", x, count);
                stage.Show("gradient in place", dy, count);
            });
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void ActivationOfWhatIsNotFinite(string name) => parity.Compare(name, stage =>
    {
        int count = Awkward.Length;
        IActivation op = stage.Prepare(Functions(count)[name]);
        DeviceBuffer y = stage.Room(count), dx = stage.Room(count);
        // One by one, each beside a 1: the tolerance is a share of the largest magnitude.
        op.Forward(stage.Values(Awkward), y);
        for (int i = 0; i < count; i++) stage.Shown.Add(($"f({Awkward[i]})", [1, y.Read()[i]]));
        op.Backward(stage.Values(Awkward), y, stage.Values(Enumerable.Repeat(1f, count).ToArray()), dx);
        for (int i = 0; i < count; i++) stage.Shown.Add(($"f'({Awkward[i]})", [1, dx.Read()[i]]));
    });

    [Fact]
    public void ActivationOfAnyLength() => parity.ForAny(() => Gen.Int[1, 5000].Sample(count => parity.Compare($"ReLU of {count}", stage =>
    {
        IActivation op = stage.Prepare(new ReluSpec(count, 0.1f));
        DeviceBuffer x = stage.Random(count), y = stage.Room(count);
        op.Forward(x, y);
        stage.Show("output", y, count);
    }), iter: 10, threads: 1));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(9)]
    public void WeightedSum(int inputs) => Sum(inputs, Counts);

    internal void Sum(int inputs, int[] counts)
    {
        foreach (int count in counts)
            parity.Compare($"sum of {inputs} arrays of {count}", stage =>
            {
                IWeightedSum op = stage.Prepare(new WeightedSumSpec(count));
                DeviceBuffer[] x = Enumerable.Range(0, inputs).Select(_ => stage.Random(count)).ToArray();
                float[] coefficients = Enumerable.Range(0, inputs).Select(i => i - 1.5f).ToArray();
                DeviceBuffer y = stage.Room(count);
                op.Run(x, default, y);
                stage.Show("sum", y, count);
                op.Run(x, coefficients, y);
                stage.Show("weighted sum", y, count);
                if (inputs == 0) return;
                op.Run(x, coefficients, x[inputs - 1]);
                stage.Show("sum into its last input", x[inputs - 1], count);
            });
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(6)]
    public void ProductAndMaximum(int inputs) => MultiplyAndCompare(inputs, Counts);

    internal void MultiplyAndCompare(int inputs, int[] counts)
    {
        foreach (int count in counts)
            parity.Compare($"product and maximum of {inputs} arrays of {count}", stage =>
            {
                IElementwiseProduct product = stage.Prepare(new ElementwiseProductSpec(count));
                IElementwiseMax max = stage.Prepare(new ElementwiseMaxSpec(count));
                DeviceBuffer[] x = Enumerable.Range(0, inputs).Select(_ => stage.Labels(count, 5)).ToArray();
                DeviceBuffer y = stage.Room(count), dy = stage.Random(count), dx = stage.Room(count), winner = stage.Room(count);
                product.Forward(x, y);
                stage.Show("product", y, count);
                product.BackwardByDivision(x[1], y, dy, dx);
                stage.Show("gradient by division", dx, count);
                for (int i = 0; i < inputs; i++)
                {
                    product.Backward(x, i, dy, dx);
                    stage.Show($"gradient of factor {i}", dx, count);
                }
                max.Forward(x, y, winner);
                stage.Show("maximum", y, count);
                stage.Show("winner", winner, count);
                max.Backward(winner, 1, dy, dx);
                stage.Show("gradient of input 1", dx, count);
                product.Forward(x, x[0]);
                stage.Show("product in place", x[0], count);
            });
    }

    [Fact]
    public void Dropout() => parity.ForAny(() =>
        Gen.Select(Gen.Int[1, 3000], Gen.Float[0, 0.95f], Gen.ULong, Gen.ULong[0, 1UL << 40]).Sample(Drop, iter: 10, threads: 1));

    internal void Drop(int count, float ratio, ulong seed, ulong block) => parity.Compare($"dropout of {count} by {ratio}", stage =>
    {
        IDropout op = stage.Prepare(new DropoutSpec(count, ratio));
        DeviceBuffer x = stage.Random(count), y = stage.Room(count), dy = stage.Random(count), dx = stage.Room(count);
        op.Forward(x, y, new CounterRandom(seed, seed * 3), 4 * block);
        op.Backward(dy, dx);
        stage.Show("output", y, count);
        stage.Show("gradient", dx, count);
        op.Forward(x, x, new CounterRandom(seed, seed * 3), 4 * block);
        stage.Show("output in place", x, count);
    }, 0);

    [Theory]
    [InlineData(Regularization.L1)]
    [InlineData(Regularization.L2)]
    public void Updates(Regularization regularization) => Update(regularization, Counts);

    internal void Update(Regularization regularization, int[] counts)
    {
        foreach (int count in counts)
            parity.Compare($"updates of {count}", stage =>
            {
                var terms = new GradientTerms(0.7f, 0.5f, 0.01f, regularization);
                DeviceBuffer w = stage.Random(count), d = stage.Random(count), a = stage.Random(count, 0, 1), b = stage.Random(count, 0, 1);
                ISgdUpdate sgd = stage.Prepare(new SgdUpdateSpec(count));
                Step("SGD", () => sgd.Apply(w, d, a, terms, 0.1f, 0.9f));
                INesterovUpdate nesterov = stage.Prepare(new NesterovUpdateSpec(count));
                Step("Nesterov", () => nesterov.Apply(w, d, a, terms, 0.1f, 0.9f));
                a = stage.Random(count, 0, 1);
                IAdaGradUpdate adaGrad = stage.Prepare(new AdaGradUpdateSpec(count));
                Step("AdaGrad", () => adaGrad.Apply(w, d, a, terms, 0.1f, 1e-8f));
                IRmsPropUpdate rmsProp = stage.Prepare(new RmsPropUpdateSpec(count));
                Step("RMSProp", () => rmsProp.Apply(w, d, a, terms, 0.1f, 0.98f, 1e-8f));
                IAdaDeltaUpdate adaDelta = stage.Prepare(new AdaDeltaUpdateSpec(count));
                Step("AdaDelta", () => adaDelta.Apply(w, d, a, b, terms, 0.1f, 0.9f, 1e-6f));
                IAdamUpdate adam = stage.Prepare(new AdamUpdateSpec(count));
                Step("Adam", () => adam.Apply(w, d, a, b, terms, 0.1f, 0.9f, 0.999f, 1e-8f));

                void Step(string rule, Action apply)
                {
                    for (int i = 0; i < 2; i++) apply();
                    stage.Show(rule + ", weights", w, count);
                    stage.Show(rule + ", history", a, count);
                    stage.Show(rule + ", second history", b, count);
                    stage.Show(rule + ", gradient", d, count);
                    d = stage.Random(count);
                }
            });
    }

    [Fact]
    public void UpdatesOfAnyLength() => parity.ForAny(() => Gen.Select(Gen.Int[1, 5000], Gen.Bool).Sample((count, signs) =>
        Update(signs ? Regularization.L1 : Regularization.L2, [count]), iter: 5, threads: 1));

    [Fact]
    public void SeveralArraysOfAnyLength() => parity.ForAny(() => Gen.Select(Gen.Int[1, 5000], Gen.Int[2, 9]).Sample((count, inputs) =>
    {
        Sum(inputs, [count]);
        MultiplyAndCompare(inputs, [count]);
    }, iter: 5, threads: 1));

    [Fact]
    public void Norms()
    {
        foreach (int count in Counts.Append(20000))
            parity.Compare($"norms of {count}", stage =>
            {
                IVectorNorm op = stage.Prepare(new VectorNormSpec(count));
                DeviceBuffer x = stage.Random(count);
                stage.Show("squares", op.SumOfSquares(x));
                stage.Show("absolutes", op.AbsSum(x));
                stage.Show("finite", op.FirstNonFinite(x));
                x.Update()[count - 1] = float.NaN;
                stage.Show("last is NaN", op.FirstNonFinite(x));
                x.Update()[count / 2] = float.NegativeInfinity;
                stage.Show("middle is infinite", op.FirstNonFinite(x));
            });
    }

    private static Dictionary<string, OperatorSpec<IActivation>> Functions(int count) => new()
    {
        ["ReLU 0"] = new ReluSpec(count, 0),
        ["ReLU 0.1"] = new ReluSpec(count, 0.1f),
        ["AbsVal"] = new AbsoluteSpec(count),
        ["BNLL"] = new BnllSpec(count),
        ["Clip"] = new ClipSpec(count, -0.5f, 0.7f),
        ["ELU"] = new EluSpec(count, 0.8f),
        ["Exp"] = new ExponentialSpec(count, 0.7f, 1.3f),
        ["Identity"] = new IdentitySpec(count),
        ["Log"] = new LogarithmSpec(count, 1.2f, 0.3f, 0.9f),
        ["Power 1"] = new PowerSpec(count, 1, 2, -1),
        ["Power 2"] = new PowerSpec(count, 2, 0.5f, 1),
        ["Power 0"] = new PowerSpec(count, 0, 0.5f, 1),
        ["Power scale 0"] = new PowerSpec(count, 3, 0, 2),
        ["Power 1.5"] = new PowerSpec(count, 1.5f, 1, 0),
        ["Power 3 shifted"] = new PowerSpec(count, 3, 0.5f, 1),
        ["Sigmoid"] = new SigmoidSpec(count),
        ["Swish"] = new SwishSpec(count, 1.5f),
        ["TanH"] = new TanhSpec(count),
        ["Threshold"] = new ThresholdSpec(count, 0.2f),
    };
}
