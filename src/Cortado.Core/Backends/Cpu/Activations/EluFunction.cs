namespace Cortado.Backends.Cpu;

/// <summary>x above 0, alpha * (exp(x) - 1) below (Clevert et al., 2015).</summary>
internal readonly struct EluFunction : IScalarFunction
{
    private readonly float _alpha;

    public EluFunction(float alpha) => _alpha = alpha;

    public float Forward(float x) => (x < 0 ? 0 : x) + _alpha * (MathF.Exp(x > 0 ? 0 : x) - 1);

    public float Backward(float x, float y, float dy) => dy * ((x > 0 ? 1 : 0) + (_alpha + y) * (x <= 0 ? 1 : 0));
}
