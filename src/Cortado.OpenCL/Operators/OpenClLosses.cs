using Cortado.Backends.Contracts;
using Cortado.OpenCL.Runtime;
using Cortado.Tensors;

namespace Cortado.OpenCL.Operators;

/// <summary>The loss behind a softmax.</summary>
internal sealed class OpenClSoftmaxLoss : ISoftmaxLoss
{
    private readonly SoftmaxLossSpec _spec;
    private readonly OpenClLossSum _sum;
    private readonly Kernel _forward, _backward;
    private readonly int _positions, _count;

    public OpenClSoftmaxLoss(OpenClBackend backend, SoftmaxLossSpec spec)
    {
        _spec = spec;
        _positions = spec.Outer * spec.Inner;
        _count = checked(_positions * spec.Classes);
        _sum = new OpenClLossSum(backend, _positions, spec.Outer, spec.Normalization);
        _forward = _sum.SumKernel("softmax_loss");
        _backward = _sum.ElementKernel("softmax_loss_backward");
    }

    public void Forward(DeviceBuffer probabilities, DeviceBuffer labels, DeviceBuffer loss)
    {
        LabelGuard.Check(labels, _positions, _spec.Inner, _spec.Classes, _spec.IgnoreLabel);
        Labelled(_sum.Into(_forward.Read(probabilities).Read(labels)), _positions).Run(_sum.Blocks);
        _sum.Finish(loss);
    }

    public void Backward(DeviceBuffer probabilities, DeviceBuffer labels, DeviceBuffer lossDiff, DeviceBuffer scoresDiff)
    {
        LabelGuard.Check(labels, _positions, _spec.Inner, _spec.Classes, _spec.IgnoreLabel);
        _sum.Scale(labels, _spec.IgnoreLabel, lossDiff);
        Labelled(_backward.Read(probabilities).Read(labels).Memory(_sum.ScaleMemory).Write(scoresDiff), _count).RunItems(_count);
    }

    public void Dispose()
    {
        _sum.Dispose();
        _forward.Dispose();
        _backward.Dispose();
    }

    private Kernel Labelled(Kernel kernel, int count) =>
        kernel.Number(count).Number(_spec.Classes).Number(_spec.Inner).Number(_spec.IgnoreLabel.HasValue ? 1 : 0).Number(_spec.IgnoreLabel ?? 0);
}

/// <summary>The sigmoid's cross entropy.</summary>
internal sealed class OpenClSigmoidCrossEntropyLoss : ILabelLoss
{
    private readonly int? _ignore;
    private readonly OpenClLossSum _sum;
    private readonly Kernel _forward, _backward;
    private readonly int _count;

    public OpenClSigmoidCrossEntropyLoss(OpenClBackend backend, SigmoidCrossEntropyLossSpec spec)
    {
        _ignore = spec.IgnoreLabel;
        _count = spec.Batch * spec.Inner;
        _sum = new OpenClLossSum(backend, _count, spec.Batch, spec.Normalization);
        _forward = _sum.SumKernel("sigmoid_loss");
        _backward = _sum.ElementKernel("sigmoid_loss_backward");
    }

    public void Forward(DeviceBuffer predictions, DeviceBuffer labels, DeviceBuffer loss)
    {
        Labelled(_sum.Into(_forward.Read(predictions).Read(labels))).Run(_sum.Blocks);
        _sum.Finish(loss);
    }

    public void Backward(DeviceBuffer predictions, DeviceBuffer labels, DeviceBuffer lossDiff, DeviceBuffer predictionsDiff)
    {
        _sum.Scale(labels, _ignore, lossDiff);
        Labelled(_backward.Read(predictions).Read(labels).Memory(_sum.ScaleMemory).Write(predictionsDiff)).RunItems(_count);
    }

    public void Dispose()
    {
        _sum.Dispose();
        _forward.Dispose();
        _backward.Dispose();
    }

    private Kernel Labelled(Kernel kernel) => kernel.Number(_count).Number(_ignore.HasValue ? 1 : 0).Number(_ignore ?? 0);
}

/// <summary>Half the squared distance.</summary>
internal sealed class OpenClEuclideanLoss : IEuclideanLoss
{
    private readonly OpenClLossSum _sum;
    private readonly Kernel _forward, _backward;
    private readonly int _batch, _count;

    public OpenClEuclideanLoss(OpenClBackend backend, EuclideanLossSpec spec)
    {
        _batch = spec.Batch;
        _count = spec.Batch * spec.Inner;
        _sum = new OpenClLossSum(backend, _count, spec.Batch, LossNormalization.BatchSize);
        _forward = _sum.SumKernel("euclidean_loss");
        _backward = _sum.ElementKernel("euclidean_loss_backward");
    }

    public void Forward(DeviceBuffer a, DeviceBuffer b, DeviceBuffer loss)
    {
        _sum.Into(_forward.Read(a).Read(b)).Number(_count).Run(_sum.Blocks);
        _sum.Finish(loss, 0.5f);
    }

    public void Backward(DeviceBuffer a, DeviceBuffer b, DeviceBuffer lossDiff, DeviceBuffer? aDiff, DeviceBuffer? bDiff) =>
        _backward.Read(a).Read(b).Read(lossDiff).Write(aDiff).Write(bDiff).Number(_count).Number((float)_batch).RunItems(_count);

    public void Dispose()
    {
        _sum.Dispose();
        _forward.Dispose();
        _backward.Dispose();
    }
}
