namespace Cortado.Backends.Cpu;

/// <summary>log(1 + exp(x)), without overflow for large x. Caffe's gradient takes x as at most 50.</summary>
internal readonly struct BnllFunction : IScalarFunction
{
    private const float Largest = 50;

    public float Forward(float x) => x > 0 ? x + MathF.Log(1 + MathF.Exp(-x)) : MathF.Log(1 + MathF.Exp(x));

    public float Backward(float x, float y, float dy)
    {
        float exponential = MathF.Exp(Largest < x ? Largest : x);
        return dy * exponential / (exponential + 1);
    }
}
