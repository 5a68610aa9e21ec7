using Cortado.Backends.Contracts;
using Cortado.OpenCL.Runtime;
using Cortado.Tensors;

namespace Cortado.OpenCL.Operators;

/// <summary>Softmax over rows that a work-group shares, or over columns of a work-item each.</summary>
internal sealed class OpenClSoftmax : ISoftmax
{
    private readonly Kernel _forward, _backward;
    private readonly SoftmaxSpec _spec;
    private readonly int _columns;

    public OpenClSoftmax(OpenClBackend backend, SoftmaxSpec spec)
    {
        _spec = spec;
        _columns = spec.Outer * spec.Inner;
        ReductionTuning rows = ReductionTuning.Default(backend);
        ElementTuning columns = ElementTuning.Single(backend);
        string options = (Rows ? rows.CompileOptions : columns.CompileOptions), name = Rows ? "softmax_rows" : "softmax_columns";
        int size = Rows ? rows.Lanes : columns.WorkGroup;
        _forward = backend.CreateKernel("softmax.cl", options, name, size);
        _backward = backend.CreateKernel("softmax.cl", options, name + "_backward", size);
    }

    private bool Rows => _spec.Inner == 1;

    public void Forward(DeviceBuffer input, DeviceBuffer output) => Run(_forward.Read(input).Write(output));

    public void Backward(DeviceBuffer output, DeviceBuffer outputDiff, DeviceBuffer inputDiff) => Run(_backward.Read(output).Read(outputDiff).Write(inputDiff));

    public void Dispose()
    {
        _forward.Dispose();
        _backward.Dispose();
    }

    private void Run(Kernel kernel)
    {
        if (Rows) kernel.Number(_spec.Classes).Run(_spec.Outer);
        else kernel.Number(_columns).Number(_spec.Classes).Number(_spec.Inner).RunItems(_columns);
    }
}
