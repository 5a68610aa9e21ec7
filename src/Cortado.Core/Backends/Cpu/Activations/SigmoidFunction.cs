namespace Cortado.Backends.Cpu;

/// <summary>1 / (1 + exp(-x)), which does not overflow as half a tanh.</summary>
internal readonly struct SigmoidFunction : IScalarFunction
{
    public static float Of(float x) => 0.5f * MathF.Tanh(0.5f * x) + 0.5f;

    public float Forward(float x) => Of(x);

    public float Backward(float x, float y, float dy) => dy * y * (1 - y);
}
