using Cortado.Backends.Contracts;
using Cortado.Tensors;

namespace Cortado.Backends.Cpu;

/// <summary>The sigmoid's cross entropy from logits, without overflow for large ones.</summary>
internal sealed unsafe class CpuSigmoidCrossEntropyLoss : ILabelLoss, IParallelWork
{
    private readonly CpuBackend _backend;
    private readonly int? _ignore;
    private readonly LossSum _sum;
    private float* _x, _target, _dx;
    private float _scale;
    private bool _forward;

    public CpuSigmoidCrossEntropyLoss(CpuBackend backend, SigmoidCrossEntropyLossSpec spec)
    {
        _backend = backend;
        _ignore = spec.IgnoreLabel;
        _sum = new LossSum(spec.Batch * spec.Inner, spec.Batch, spec.Normalization);
    }

    public void Forward(DeviceBuffer predictions, DeviceBuffer labels, DeviceBuffer loss)
    {
        _x = predictions.HostPointer(HostAccess.Read);
        _target = labels.HostPointer(HostAccess.Read);
        _forward = true;
        _backend.Workers.Run(this, _sum.Blocks);
        *loss.HostPointer(HostAccess.Write) = _sum.Loss();
    }

    public void Backward(DeviceBuffer predictions, DeviceBuffer labels, DeviceBuffer lossDiff, DeviceBuffer predictionsDiff)
    {
        _x = predictions.HostPointer(HostAccess.Read);
        _target = labels.HostPointer(HostAccess.Read);
        _sum.CountValid(_target, _ignore);
        _scale = *lossDiff.HostPointer(HostAccess.Read) / _sum.Divisor();
        _dx = predictionsDiff.HostPointer(HostAccess.Write);
        _forward = false;
        _backend.Workers.Run(this, _sum.Blocks);
    }

    public void Dispose() { }

    void IParallelWork.Run(int index)
    {
        _sum.Range(index, out int start, out int end);
        double sum = 0;
        int valid = 0;
        for (int i = start; i < end; i++)
        {
            bool counts = !LabelRange.IsIgnored(_target[i], _ignore);
            if (!_forward)
            {
                _dx[i] = counts ? (0.5f * MathF.Tanh(0.5f * _x[i]) + 0.5f - _target[i]) * _scale : 0;
            }
            else if (counts)
            {
                float x = _x[i], positive = x >= 0 ? 1 : 0;
                sum -= x * (_target[i] - positive) - MathF.Log(1 + MathF.Exp(x - 2 * x * positive));
                valid++;
            }
        }
        if (_forward) _sum.Set(index, sum, valid);
    }
}
