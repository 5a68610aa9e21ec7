using Cortado.Tensors;

namespace Cortado.Backends.Contracts;

/// <summary>A function of each element alone. Input and output may be the same buffer (in place).</summary>
public interface IActivation : IOperator
{
    /// <summary>output[i] = f(input[i]).</summary>
    void Forward(DeviceBuffer input, DeviceBuffer output);

    /// <summary>inputDiff[i] = outputDiff[i] * f'(input[i]). In place, input holds the output's values: as Caffe, the function must be able to use those.</summary>
    void Backward(DeviceBuffer input, DeviceBuffer output, DeviceBuffer outputDiff, DeviceBuffer inputDiff);
}

/// <summary>f(x) = max(x, 0) + slope * min(x, 0). As in Caffe, -inf with slope 0 gives NaN.</summary>
/// <param name="Count">Elements.</param>
/// <param name="NegativeSlope">Slope below zero.</param>
public sealed record ReluSpec(int Count, float NegativeSlope) : OperatorSpec<IActivation>;

/// <summary>f(x) = |x|.</summary>
/// <param name="Count">Elements.</param>
public sealed record AbsoluteSpec(int Count) : OperatorSpec<IActivation>;

/// <summary>f(x) = log(1 + exp(x)), the binomial normal log likelihood.</summary>
/// <param name="Count">Elements.</param>
public sealed record BnllSpec(int Count) : OperatorSpec<IActivation>;

/// <summary>f(x) = max(Min, min(x, Max)). As in Caffe, NaN gives Min.</summary>
/// <param name="Count">Elements.</param>
/// <param name="Min">The least value that comes out.</param>
/// <param name="Max">The greatest value that comes out.</param>
public sealed record ClipSpec(int Count, float Min, float Max) : OperatorSpec<IActivation>;

/// <summary>f(x) = x where x is above 0, else Alpha * (exp(x) - 1).</summary>
/// <param name="Count">Elements.</param>
/// <param name="Alpha">Minus the limit for small x.</param>
public sealed record EluSpec(int Count, float Alpha) : OperatorSpec<IActivation>;

/// <summary>f(x) = OuterScale * exp(InnerScale * x).</summary>
/// <param name="Count">Elements.</param>
/// <param name="InnerScale">Factor inside.</param>
/// <param name="OuterScale">Factor outside.</param>
public sealed record ExponentialSpec(int Count, float InnerScale, float OuterScale) : OperatorSpec<IActivation>;

/// <summary>f(x) = x: a copy.</summary>
/// <param name="Count">Elements.</param>
public sealed record IdentitySpec(int Count) : OperatorSpec<IActivation>;

/// <summary>f(x) = OuterScale * log(Scale * x + Shift).</summary>
/// <param name="Count">Elements.</param>
/// <param name="Scale">Factor inside.</param>
/// <param name="Shift">Summand inside.</param>
/// <param name="OuterScale">Factor outside.</param>
public sealed record LogarithmSpec(int Count, float Scale, float Shift, float OuterScale) : OperatorSpec<IActivation>;

/// <summary>f(x) = (Scale * x + Shift)^Power. A Power or Scale of 0 makes it a constant.</summary>
/// <param name="Count">Elements.</param>
/// <param name="Power">The exponent.</param>
/// <param name="Scale">Factor inside.</param>
/// <param name="Shift">Summand inside.</param>
public sealed record PowerSpec(int Count, float Power, float Scale, float Shift) : OperatorSpec<IActivation>;

/// <summary>f(x) = 1 / (1 + exp(-x)).</summary>
/// <param name="Count">Elements.</param>
public sealed record SigmoidSpec(int Count) : OperatorSpec<IActivation>;

/// <summary>f(x) = x / (1 + exp(-Beta * x)).</summary>
/// <param name="Count">Elements.</param>
/// <param name="Beta">Factor inside.</param>
public sealed record SwishSpec(int Count, float Beta) : OperatorSpec<IActivation>;

/// <summary>f(x) = tanh(x).</summary>
/// <param name="Count">Elements.</param>
public sealed record TanhSpec(int Count) : OperatorSpec<IActivation>;

/// <summary>f(x) = 1 where x is above Threshold, else 0. Its gradient is 0.</summary>
/// <param name="Count">Elements.</param>
/// <param name="Threshold">The threshold.</param>
public sealed record ThresholdSpec(int Count, float Threshold) : OperatorSpec<IActivation>;
