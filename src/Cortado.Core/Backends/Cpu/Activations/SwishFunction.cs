namespace Cortado.Backends.Cpu;

/// <summary>x * sigmoid(beta * x) (Ramachandran et al., 2017).</summary>
internal readonly struct SwishFunction : IScalarFunction
{
    private readonly float _beta;

    public SwishFunction(float beta) => _beta = beta;

    public float Forward(float x) => x * SigmoidFunction.Of(_beta * x);

    public float Backward(float x, float y, float dy) => dy * (_beta * y + SigmoidFunction.Of(_beta * x) * (1 - _beta * y));
}
