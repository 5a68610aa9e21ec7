using Cortado.Backends;
using Cortado.Backends.Contracts;
using Cortado.OpenCL.Runtime;
using Cortado.Tensors;

namespace Cortado.OpenCL.Operators;

/// <summary>
/// What both kinds of pooling have in common: two kernels for one geometry. On CPU devices a work-item has a plane, and the geometry is compiled
/// in; elsewhere it has an element, and the geometry goes behind the buffers.
/// </summary>
internal abstract class OpenClPooling<TOperator> : IDisposable where TOperator : class, IOperator
{
    // A row of a plane is kept beside: this many floats at most.
    private const int LongestRow = 8192;

    private readonly PoolingSpec<TOperator> _spec;
    private readonly bool _planes;

    protected OpenClPooling(OpenClBackend backend, PoolingSpec<TOperator> spec, string name)
    {
        _spec = spec;
        Outputs = checked(spec.Planes * spec.OutHeight * spec.OutWidth);
        Inputs = checked(spec.Planes * spec.InHeight * spec.InWidth);
        ReductionTuning planes = ReductionTuning.Default(backend);
        _planes = backend.UsesCpuKernels && planes is { Lanes: 1, Width: > 1 }
            && (long)spec.InWidth + spec.KernelWidth + (long)spec.StrideWidth * spec.OutWidth <= LongestRow;
        if (_planes)
        {
            string options = planes.CompileOptions + Geometry();
            ForwardKernel = backend.CreateKernel("pooling_planes.cl", options, name + "_planes", 1);
            BackwardKernel = backend.CreateKernel("pooling_planes.cl", options, name + "_planes_backward", 1);
        }
        else
        {
            ElementTuning tuning = ElementTuning.Single(backend);
            ForwardKernel = backend.CreateKernel("pooling.cl", tuning.CompileOptions, name + "_forward", tuning.WorkGroup);
            BackwardKernel = backend.CreateKernel("pooling.cl", tuning.CompileOptions, name + "_backward", tuning.WorkGroup);
        }
    }

    protected Kernel ForwardKernel { get; }

    protected Kernel BackwardKernel { get; }

    protected int Outputs { get; }

    protected int Inputs { get; }

    public virtual void Dispose()
    {
        ForwardKernel.Dispose();
        BackwardKernel.Dispose();
    }

    protected void Run(Kernel kernel, int count)
    {
        if (_planes)
        {
            kernel.Run(_spec.Planes);
            return;
        }
        kernel.Number(count).Number(_spec.InHeight).Number(_spec.InWidth).Number(_spec.OutHeight).Number(_spec.OutWidth)
            .Number(_spec.KernelHeight).Number(_spec.KernelWidth).Number(_spec.StrideHeight).Number(_spec.StrideWidth)
            .Number(_spec.PadHeight).Number(_spec.PadWidth).RunItems(count);
    }

    private string Geometry() => " " + TuningOptions.Write(("IN_HEIGHT", _spec.InHeight), ("IN_WIDTH", _spec.InWidth), ("OUT_HEIGHT", _spec.OutHeight),
        ("OUT_WIDTH", _spec.OutWidth), ("KERNEL_HEIGHT", _spec.KernelHeight), ("KERNEL_WIDTH", _spec.KernelWidth), ("STRIDE_HEIGHT", _spec.StrideHeight),
        ("STRIDE_WIDTH", _spec.StrideWidth), ("PAD_HEIGHT", _spec.PadHeight), ("PAD_WIDTH", _spec.PadWidth));
}

/// <summary>MAX pooling; where each maximum came from stays on the device.</summary>
internal sealed class OpenClMaxPooling : OpenClPooling<IMaxPooling>, IMaxPooling
{
    private readonly DeviceMemory _argmax;

    public OpenClMaxPooling(OpenClBackend backend, MaxPoolingSpec spec) : base(backend, spec, "max_pooling") =>
        _argmax = new DeviceMemory(backend, (long)Outputs * sizeof(int));

    public void Forward(DeviceBuffer input, DeviceBuffer output, DeviceBuffer? mask) =>
        Run(ForwardKernel.Read(input).Write(output).Memory(_argmax).Write(mask), Outputs);

    public void Backward(DeviceBuffer outputDiff, DeviceBuffer inputDiff) =>
        Run(BackwardKernel.Read(outputDiff).Memory(_argmax).Write(inputDiff), Inputs);

    public override void Dispose()
    {
        base.Dispose();
        _argmax.Dispose();
    }
}

/// <summary>AVE pooling.</summary>
internal sealed class OpenClAveragePooling : OpenClPooling<IAveragePooling>, IAveragePooling
{
    public OpenClAveragePooling(OpenClBackend backend, AveragePoolingSpec spec) : base(backend, spec, "average_pooling") { }

    public void Forward(DeviceBuffer input, DeviceBuffer output) => Run(ForwardKernel.Read(input).Write(output), Outputs);

    public void Backward(DeviceBuffer outputDiff, DeviceBuffer inputDiff) => Run(BackwardKernel.Read(outputDiff).Write(inputDiff), Inputs);
}
