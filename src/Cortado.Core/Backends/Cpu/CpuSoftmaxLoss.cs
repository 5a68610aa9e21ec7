using System.Numerics;
using System.Runtime.CompilerServices;
using Cortado.Backends.Contracts;
using Cortado.Tensors;

namespace Cortado.Backends.Cpu;

/// <summary>The loss behind a softmax: one logarithm a position forward, probability minus one-hot backward.</summary>
internal sealed unsafe class CpuSoftmaxLoss : ISoftmaxLoss, IParallelWork
{
    /// <summary>FLT_MIN: Caffe takes no logarithm of less.</summary>
    internal const float SmallestProbability = 1.17549435e-38f;

    private readonly CpuBackend _backend;
    private readonly int _classes, _inner, _positions;
    private readonly int? _ignore;
    private readonly LossSum _sum;
    private readonly ColumnBlocks _blocks;
    private float* _p, _label, _dx;
    private float _scale;
    private bool _forward;

    public CpuSoftmaxLoss(CpuBackend backend, SoftmaxLossSpec spec)
    {
        _backend = backend;
        _classes = spec.Classes;
        _inner = spec.Inner;
        _positions = spec.Outer * spec.Inner;
        _ignore = spec.IgnoreLabel;
        _sum = new LossSum(_positions, spec.Outer, spec.Normalization);
        _blocks = new ColumnBlocks(spec.Outer, spec.Classes, spec.Inner);
    }

    public void Forward(DeviceBuffer probabilities, DeviceBuffer labels, DeviceBuffer loss)
    {
        _p = probabilities.HostPointer(HostAccess.Read);
        _label = labels.HostPointer(HostAccess.Read);
        LabelRange.Check(_label, _positions, _inner, _classes, _ignore);
        _forward = true;
        _backend.Workers.Run(this, _sum.Blocks);
        *loss.HostPointer(HostAccess.Write) = _sum.Loss();
    }

    public void Backward(DeviceBuffer probabilities, DeviceBuffer labels, DeviceBuffer lossDiff, DeviceBuffer scoresDiff)
    {
        _p = probabilities.HostPointer(HostAccess.Read);
        _label = labels.HostPointer(HostAccess.Read);
        LabelRange.Check(_label, _positions, _inner, _classes, _ignore);
        _sum.CountValid(_label, _ignore);
        _scale = *lossDiff.HostPointer(HostAccess.Read) / _sum.Divisor();
        _dx = scoresDiff.HostPointer(HostAccess.Write);
        _forward = false;
        _backend.Workers.Run(this, _blocks.Parts);
    }

    public void Dispose() { }

    void IParallelWork.Run(int index)
    {
        if (_forward)
        {
            SumBlock(index);
            return;
        }
        _blocks.Part(index, out int first, out int end);
        for (int block = first; block < end; block++)
        {
            _blocks.Block(block, out int outer, out int start, out int length);
            long at = (long)outer * _classes * _inner + start;
            BackwardColumns(_p + at, _label + (long)outer * _inner + start, _dx + at, length);
        }
    }

    private void SumBlock(int block)
    {
        _sum.Range(block, out int start, out int end);
        double sum = 0;
        int valid = 0;
        for (int i = start; i < end; i++)
        {
            int label = (int)_label[i];
            if (label == _ignore) continue;
            int outer = i / _inner;
            float p = _p[((long)outer * _classes + label) * _inner + (i - outer * _inner)];
            sum -= MathF.Log(p < SmallestProbability ? SmallestProbability : p);
            valid++;
        }
        _sum.Set(block, sum, valid);
    }

    private void BackwardColumns(float* p, float* label, float* dx, int length)
    {
        if (_inner == 1)
        {
            BackwardRow(p, (int)*label, dx);
            return;
        }
        for (int c = 0; c < _classes; c++)
        {
            long row = (long)c * _inner;
            for (int j = 0; j < length; j++)
            {
                int truth = (int)label[j];
                float difference = truth == _ignore ? 0 : truth == c ? p[row + j] - 1 : p[row + j];
                dx[row + j] = difference * _scale;
            }
        }
    }

    private void BackwardRow(float* p, int truth, float* dx)
    {
        if (truth == _ignore)
        {
            new Span<float>(dx, _classes).Clear();
            return;
        }
        var scale = new Vector<float>(_scale);
        int width = VectorLoop.Width, c = 0;
        for (; c <= _classes - width; c += width) Unsafe.WriteUnaligned(dx + c, Unsafe.ReadUnaligned<Vector<float>>(p + c) * scale);
        for (; c < _classes; c++) dx[c] = p[c] * _scale;
        dx[truth] = (p[truth] - 1) * _scale;
    }
}
