using Cortado.Backends.Contracts;
using Cortado.OpenCL.Runtime;
using Cortado.Tensors;

namespace Cortado.OpenCL.Operators;

/// <summary>One-against-all hinge loss.</summary>
internal sealed class OpenClHingeLoss : ILabelLoss
{
    private readonly HingeLossSpec _spec;
    private readonly OpenClLossSum _sum;
    private readonly Kernel _forward, _backward;
    private readonly int _count;

    public OpenClHingeLoss(OpenClBackend backend, HingeLossSpec spec)
    {
        _spec = spec;
        _count = checked(spec.Batch * spec.Classes);
        _sum = new OpenClLossSum(backend, _count, spec.Batch, LossNormalization.BatchSize);
        _forward = _sum.SumKernel("hinge_loss");
        _backward = _sum.ElementKernel("hinge_loss_backward");
    }

    private int Squared => _spec.Squared ? 1 : 0;

    public void Forward(DeviceBuffer predictions, DeviceBuffer labels, DeviceBuffer loss)
    {
        LabelGuard.Check(labels, _spec.Batch, 1, _spec.Classes, null);
        _sum.Into(_forward.Read(predictions).Read(labels)).Number(_count).Number(_spec.Classes).Number(Squared).Run(_sum.Blocks);
        _sum.Finish(loss);
    }

    public void Backward(DeviceBuffer predictions, DeviceBuffer labels, DeviceBuffer lossDiff, DeviceBuffer predictionsDiff)
    {
        LabelGuard.Check(labels, _spec.Batch, 1, _spec.Classes, null);
        _backward.Read(predictions).Read(labels).Read(lossDiff).Write(predictionsDiff).Number(_count).Number((float)_spec.Batch).Number(_spec.Classes).Number(Squared)
            .RunItems(_count);
    }

    public void Dispose()
    {
        _sum.Dispose();
        _forward.Dispose();
        _backward.Dispose();
    }
}

/// <summary>The logistic loss of given probabilities.</summary>
internal sealed class OpenClMultinomialLogisticLoss : ILabelLoss
{
    private readonly MultinomialLogisticLossSpec _spec;
    private readonly OpenClLossSum _sum;
    private readonly Kernel _forward, _backward;
    private readonly int _count;

    public OpenClMultinomialLogisticLoss(OpenClBackend backend, MultinomialLogisticLossSpec spec)
    {
        _spec = spec;
        _count = checked(spec.Batch * spec.Classes);
        _sum = new OpenClLossSum(backend, spec.Batch, spec.Batch, LossNormalization.BatchSize);
        _forward = _sum.SumKernel("logistic_loss");
        _backward = _sum.ElementKernel("logistic_loss_backward");
    }

    public void Forward(DeviceBuffer predictions, DeviceBuffer labels, DeviceBuffer loss)
    {
        LabelGuard.Check(labels, _spec.Batch, 1, _spec.Classes, null);
        _sum.Into(_forward.Read(predictions).Read(labels)).Number(_spec.Batch).Number(_spec.Classes).Run(_sum.Blocks);
        _sum.Finish(loss);
    }

    public void Backward(DeviceBuffer predictions, DeviceBuffer labels, DeviceBuffer lossDiff, DeviceBuffer predictionsDiff)
    {
        LabelGuard.Check(labels, _spec.Batch, 1, _spec.Classes, null);
        _backward.Read(predictions).Read(labels).Read(lossDiff).Write(predictionsDiff).Number(_count).Number((float)_spec.Batch).Number(_spec.Classes).RunItems(_count);
    }

    public void Dispose()
    {
        _sum.Dispose();
        _forward.Dispose();
        _backward.Dispose();
    }
}
