using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cortado.Backends.Cpu;

/// <summary>x * sigmoid(beta * x) (Ramachandran et al., 2017).</summary>
internal readonly struct SwishFunction : IVectorFunction
{
    private readonly float _beta;

    public SwishFunction(float beta) => _beta = beta;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Forward(Vector<float> x) => x * SigmoidFunction.Of(x * _beta);

    public float Forward(float x) => x * SigmoidFunction.Of(x * _beta);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Backward(Vector<float> x, Vector<float> y, Vector<float> dy) =>
        dy * (y * _beta + SigmoidFunction.Of(x * _beta) * (Vector<float>.One - y * _beta));

    public float Backward(float x, float y, float dy) => dy * (y * _beta + SigmoidFunction.Of(x * _beta) * (1 - y * _beta));
}
