using Cortado.Backends.Contracts;
using Cortado.Tensors;

namespace Cortado.Backends.Cpu;

/// <summary>The logistic loss weighted by a matrix, behind a softmax.</summary>
internal sealed unsafe class CpuInfogainLoss : IInfogainLoss, IParallelWork
{
    private readonly CpuBackend _backend;
    private readonly int _classes, _inner, _positions;
    private readonly int? _ignore;
    private readonly LossSum _sum;
    private readonly float[] _rowSums;
    private float* _p, _label, _matrix, _dx;
    private float _scale;
    private bool _forward;

    public CpuInfogainLoss(CpuBackend backend, InfogainLossSpec spec)
    {
        _backend = backend;
        _classes = spec.Classes;
        _inner = spec.Inner;
        _positions = spec.Outer * spec.Inner;
        _ignore = spec.IgnoreLabel;
        _sum = new LossSum(_positions, spec.Outer, spec.Normalization);
        _rowSums = new float[spec.Classes];
    }

    public void Forward(DeviceBuffer probabilities, DeviceBuffer labels, DeviceBuffer matrix, DeviceBuffer loss)
    {
        Look(probabilities, labels, matrix);
        _forward = true;
        _backend.Workers.Run(this, _sum.Blocks);
        *loss.HostPointer(HostAccess.Write) = _sum.Loss();
    }

    public void Backward(DeviceBuffer probabilities, DeviceBuffer labels, DeviceBuffer matrix, DeviceBuffer lossDiff, DeviceBuffer scoresDiff)
    {
        Look(probabilities, labels, matrix);
        for (int row = 0; row < _classes; row++) _rowSums[row] = (float)Rows.Sum(_matrix + (long)row * _classes, _classes);
        _sum.CountValid(_label, _ignore);
        _scale = *lossDiff.HostPointer(HostAccess.Read) / _sum.Divisor();
        _dx = scoresDiff.HostPointer(HostAccess.Write);
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
            int outer = i / _inner, label = (int)_label[i];
            long at = (long)outer * _classes * _inner + (i - outer * _inner);
            bool counts = label != _ignore;
            if (!_forward) BackwardColumn(at, label, counts);
            else if (counts)
            {
                sum -= WeightedLog(_p + at, _matrix + (long)label * _classes);
                valid++;
            }
        }
        if (_forward) _sum.Set(index, sum, valid);
    }

    private void Look(DeviceBuffer probabilities, DeviceBuffer labels, DeviceBuffer matrix)
    {
        _p = probabilities.HostPointer(HostAccess.Read);
        _label = labels.HostPointer(HostAccess.Read);
        _matrix = matrix.HostPointer(HostAccess.Read);
        LabelRange.Check(_label, _positions, _inner, _classes, _ignore);
    }

    private double WeightedLog(float* p, float* weights)
    {
        double sum = 0;
        for (int c = 0; c < _classes; c++) sum += weights[c] * MathF.Log(CpuMultinomialLogisticLoss.AtLeast(p[(long)c * _inner]));
        return sum;
    }

    private void BackwardColumn(long at, int label, bool counts)
    {
        for (int c = 0; c < _classes; c++)
        {
            long i = at + (long)c * _inner;
            _dx[i] = counts ? (_p[i] * _rowSums[label] - _matrix[(long)label * _classes + c]) * _scale : 0;
        }
    }
}
