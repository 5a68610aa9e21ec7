using System.Numerics;

namespace Cortado.Backends.Cpu;

/// <summary>x * sigmoid(beta * x) (Ramachandran et al., 2017).</summary>
internal readonly struct SwishFunction : IVectorFunction
{
    private readonly float _beta;

    public SwishFunction(float beta) => _beta = beta;

    public Vector<float> Forward(Vector<float> x) => x * SigmoidFunction.Of(x * _beta);

    public Vector<float> Backward(Vector<float> x, Vector<float> y, Vector<float> dy) =>
        dy * (y * _beta + SigmoidFunction.Of(x * _beta) * (Vector<float>.One - y * _beta));
}
