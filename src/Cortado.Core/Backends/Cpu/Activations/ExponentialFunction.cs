namespace Cortado.Backends.Cpu;

/// <summary>outer * exp(inner * x).</summary>
internal readonly struct ExponentialFunction : IScalarFunction
{
    private readonly float _inner, _outer;

    public ExponentialFunction(float inner, float outer)
    {
        _inner = inner;
        _outer = outer;
    }

    public float Forward(float x) => _outer * MathF.Exp(_inner * x);

    public float Backward(float x, float y, float dy) => dy * y * _inner;
}
