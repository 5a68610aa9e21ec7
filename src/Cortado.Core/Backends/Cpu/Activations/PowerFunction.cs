using Cortado.Backends.Contracts;

namespace Cortado.Backends.Cpu;

/// <summary>(scale * x + shift)^power. The gradient is computed the way Caffe does, so that it is as infinite or NaN at 0.</summary>
internal readonly struct PowerFunction : IScalarFunction
{
    private readonly float _power, _scale, _shift, _slope, _constant;

    public PowerFunction(float power, float scale, float shift)
    {
        _power = power;
        _scale = scale;
        _shift = shift;
        _slope = power * scale;
        _constant = power == 0 ? 1 : MathF.Pow(shift, power);
    }

    public float Forward(float x)
    {
        if (_slope == 0) return _constant;
        float inner = _scale * x + _shift;
        return _power == 2 ? inner * inner : MathF.Pow(inner, _power);
    }

    public float Backward(float x, float y, float dy)
    {
        if (_slope == 0) return 0;
        if (_power == 2) return dy * (_slope * _scale * x + _slope * _shift);
        return _shift == 0 ? dy * (y / x * _power) : dy * (y / (_scale * x + _shift) * _slope);
    }
}

/// <summary>Picks the linear function where the power is 1.</summary>
internal static class CpuPower
{
    public static IActivation Create(CpuBackend backend, PowerSpec spec) => spec.Power == 1 && spec.Scale != 0
        ? new CpuActivation<LinearFunction>(backend, spec.Count, new LinearFunction(spec.Scale, spec.Shift))
        : new CpuActivation<Lanewise<PowerFunction>>(backend, spec.Count, new(new PowerFunction(spec.Power, spec.Scale, spec.Shift)));
}
