using Cortado.Backends.Contracts;
using Cortado.OpenCL.Runtime;
using Cortado.Tensors;

namespace Cortado.OpenCL.Operators;

/// <summary>A function of each element: one of those in activation.cl, with up to three numbers of its own.</summary>
internal sealed class OpenClActivation : IActivation
{
    private readonly Kernel _forward, _backward;
    private readonly int _count;
    private readonly long _items;
    private readonly float _a, _b, _c;

    public OpenClActivation(OpenClBackend backend, int count, string function, float a = 0, float b = 0, float c = 0)
    {
        ElementTuning tuning = ElementTuning.Default(backend);
        string options = tuning.CompileOptions + " -D " + function;
        _forward = backend.CreateKernel("activation.cl", options, "activation_forward", tuning.WorkGroup);
        _backward = backend.CreateKernel("activation.cl", options, "activation_backward", tuning.WorkGroup);
        _count = count;
        _items = tuning.Items(count);
        (_a, _b, _c) = (a, b, c);
    }

    /// <summary>Caffe's cases of (scale x + shift)^power.</summary>
    public static OpenClActivation Power(OpenClBackend backend, PowerSpec spec)
    {
        if (spec.Power * spec.Scale == 0) return new OpenClActivation(backend, spec.Count, "CONSTANT", spec.Power == 0 ? 1 : MathF.Pow(spec.Shift, spec.Power));
        if (spec.Power == 1) return new OpenClActivation(backend, spec.Count, "LINEAR", spec.Scale, spec.Shift);
        if (spec.Power == 2) return new OpenClActivation(backend, spec.Count, "SQUARE", spec.Scale, spec.Shift);
        return new OpenClActivation(backend, spec.Count, "POWER", spec.Scale, spec.Shift, spec.Power);
    }

    public void Forward(DeviceBuffer input, DeviceBuffer output) =>
        _forward.Read(input).Write(output).Number(_count).Number(_a).Number(_b).Number(_c).RunItems(_items);

    public void Backward(DeviceBuffer input, DeviceBuffer output, DeviceBuffer outputDiff, DeviceBuffer inputDiff) =>
        _backward.Read(input).Read(output).Read(outputDiff).Write(inputDiff).Number(_count).Number(_a).Number(_b).Number(_c).RunItems(_items);

    public void Dispose()
    {
        _forward.Dispose();
        _backward.Dispose();
    }
}
