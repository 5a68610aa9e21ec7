namespace Cortado.Backends.Cpu;

/// <summary>outer * log(scale * x + shift).</summary>
internal readonly struct LogarithmFunction : IScalarFunction
{
    private readonly float _scale, _shift, _outer;

    public LogarithmFunction(float scale, float shift, float outer)
    {
        _scale = scale;
        _shift = shift;
        _outer = outer;
    }

    public float Forward(float x) => _outer * MathF.Log(_scale * x + _shift);

    public float Backward(float x, float y, float dy) => dy * (_scale * _outer) / (_scale * x + _shift);
}
