using System.Numerics;

namespace Cortado.Backends.Cpu;

/// <summary>tanh(x).</summary>
internal readonly struct TanhFunction : IVectorFunction
{
    public Vector<float> Forward(Vector<float> x) => Exponentials.Tanh(x);

    public Vector<float> Backward(Vector<float> x, Vector<float> y, Vector<float> dy) => dy * (Vector<float>.One - y * y);
}
