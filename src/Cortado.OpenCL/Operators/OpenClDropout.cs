using Cortado.Backends.Contracts;
using Cortado.OpenCL.Runtime;
using Cortado.Tensors;

namespace Cortado.OpenCL.Operators;

/// <summary>Dropout. What was dropped is remembered as the random numbers' place: backward draws them again.</summary>
internal sealed class OpenClDropout : IDropout
{
    private readonly Kernel _kernel;
    private readonly DropoutSpec _spec;
    private CounterRandom _random;
    private ulong _counter;

    public OpenClDropout(OpenClBackend backend, DropoutSpec spec)
    {
        ElementTuning tuning = ElementTuning.Single(backend);
        _kernel = backend.CreateKernel("dropout.cl", tuning.CompileOptions, "dropout", tuning.WorkGroup);
        _spec = spec;
    }

    public void Forward(DeviceBuffer input, DeviceBuffer output, in CounterRandom random, ulong counter)
    {
        _random = random;
        _counter = counter;
        Run(input, output);
    }

    public void Backward(DeviceBuffer outputDiff, DeviceBuffer inputDiff) => Run(outputDiff, inputDiff);

    public void Dispose() => _kernel.Dispose();

    private void Run(DeviceBuffer from, DeviceBuffer to) =>
        _kernel.Read(from).Write(to).Number(_spec.Count).Number(_random.Seed).Number(_random.Stream).Number(_counter >> 2)
            .Number(_spec.Threshold).Number(_spec.Scale).RunItems(((long)_spec.Count + 3) / 4);
}
