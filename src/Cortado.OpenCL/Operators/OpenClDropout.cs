using Cortado.Backends.Contracts;
using Cortado.OpenCL.Runtime;
using Cortado.Tensors;

namespace Cortado.OpenCL.Operators;

/// <summary>Dropout; what was kept stays on the device, a byte an element.</summary>
internal sealed class OpenClDropout : IDropout
{
    private const int NumbersInBlock = 4;

    private readonly Kernel _forward, _backward;
    private readonly DropoutSpec _spec;
    private readonly DeviceMemory _kept;
    private readonly long _items;

    public OpenClDropout(OpenClBackend backend, DropoutSpec spec)
    {
        ElementTuning tuning = ElementTuning.Blocks(backend);
        _forward = backend.CreateKernel("dropout.cl", tuning.CompileOptions, "dropout_forward", tuning.WorkGroup);
        _backward = backend.CreateKernel("dropout.cl", tuning.CompileOptions, "dropout_backward", tuning.WorkGroup);
        _spec = spec;
        _kept = new DeviceMemory(backend, spec.Count);
        _items = (spec.Count + NumbersInBlock * (long)tuning.Width - 1) / (NumbersInBlock * tuning.Width);
    }

    public void Forward(DeviceBuffer input, DeviceBuffer output, in CounterRandom random, ulong counter) =>
        _forward.Read(input).Write(output).Memory(_kept).Number(_spec.Count).Number(random.Seed).Number(random.Stream).Number(counter / NumbersInBlock)
            .Number(_spec.Threshold).Number(_spec.Scale).RunItems(_items);

    public void Backward(DeviceBuffer outputDiff, DeviceBuffer inputDiff) =>
        _backward.Read(outputDiff).Write(inputDiff).Memory(_kept).Number(_spec.Count).Number(_spec.Scale).RunItems(_items);

    public void Dispose()
    {
        _forward.Dispose();
        _backward.Dispose();
        _kept.Dispose();
    }
}
