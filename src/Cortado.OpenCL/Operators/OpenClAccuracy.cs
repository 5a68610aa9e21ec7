using Cortado.Backends.Contracts;
using Cortado.OpenCL.Runtime;
using Cortado.Tensors;

namespace Cortado.OpenCL.Operators;

/// <summary>Counts right answers.</summary>
internal sealed class OpenClAccuracy : IAccuracy
{
    private readonly OpenClBackend _backend;
    private readonly AccuracySpec _spec;
    private readonly Kernel _count, _finish;
    private readonly DeviceMemory _counts;
    private readonly int _positions;

    public OpenClAccuracy(OpenClBackend backend, AccuracySpec spec)
    {
        _backend = backend;
        _spec = spec;
        _positions = spec.Outer * spec.Inner;
        ElementTuning tuning = ElementTuning.Single(backend);
        _count = backend.CreateKernel("accuracy.cl", tuning.CompileOptions, "accuracy_count", tuning.WorkGroup);
        _finish = backend.CreateKernel("accuracy.cl", tuning.CompileOptions, "accuracy_finish", tuning.WorkGroup);
        _counts = new DeviceMemory(backend, (2L + 2L * spec.Classes) * sizeof(int));
    }

    public void Forward(DeviceBuffer scores, DeviceBuffer labels, DeviceBuffer accuracy, DeviceBuffer? perClass)
    {
        LabelGuard.Check(labels, _positions, _spec.Inner, _spec.Classes, _spec.IgnoreLabel);
        _backend.Queue.Clear(_counts.Handle, (nuint)_counts.Bytes);
        _count.Read(scores).Read(labels).Memory(_counts).Number(_positions).Number(_spec.Classes).Number(_spec.Inner).Number(_spec.TopK)
            .Number(_spec.IgnoreLabel.HasValue ? 1 : 0).Number(_spec.IgnoreLabel ?? 0).RunItems(_positions);
        _finish.Memory(_counts).Write(accuracy).Write(perClass).Number(_spec.Classes).RunItems(Math.Max(1, _spec.Classes));
    }

    public void Dispose()
    {
        _count.Dispose();
        _finish.Dispose();
        _counts.Dispose();
    }
}
