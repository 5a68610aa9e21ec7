namespace Cortado.Backends.Cpu;

/// <summary>tanh(x).</summary>
internal readonly struct TanhFunction : IScalarFunction
{
    public float Forward(float x) => MathF.Tanh(x);

    public float Backward(float x, float y, float dy) => dy * (1 - y * y);
}
