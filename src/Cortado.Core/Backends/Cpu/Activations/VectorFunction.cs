using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cortado.Backends.Cpu;

/// <summary>A function with one formula for vectors and another one, by the scalar functions of the runtime, where vectors are slow.</summary>
internal interface IVectorFunction : IScalarFunction
{
    /// <summary>f(x).</summary>
    Vector<float> Forward(Vector<float> x);

    /// <summary>dy * f'(x), given x and y = f(x).</summary>
    Vector<float> Backward(Vector<float> x, Vector<float> y, Vector<float> dy);
}

/// <summary>A vector function for the few elements that fill no vector, too; they get the same bits as the others.</summary>
internal readonly struct Vectorwise<TFunction> : IElementFunction where TFunction : struct, IVectorFunction
{
    private readonly TFunction _function;

    public Vectorwise(TFunction function) => _function = function;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Forward(Vector<float> x) => _function.Forward(x);

    public float Forward(float x) => _function.Forward(new Vector<float>(x))[0];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Backward(Vector<float> x, Vector<float> y, Vector<float> dy) => _function.Backward(x, y, dy);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Backward(float x, float y, float dy) =>
        _function.Backward(new Vector<float>(x), new Vector<float>(y), new Vector<float>(dy))[0];
}
