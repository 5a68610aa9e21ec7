using System.Numerics;
using System.Runtime.CompilerServices;
using Cortado.Backends.Contracts;
using Cortado.Tensors;

namespace Cortado.Backends.Cpu;

/// <summary>Softmax over the middle axis, a block of columns at a time.</summary>
internal sealed unsafe class CpuSoftmax : ISoftmax, IParallelWork
{
    private readonly CpuBackend _backend;
    private readonly int _classes, _inner;
    private readonly ColumnBlocks _blocks;
    private float* _x, _y, _dy, _dx;
    private bool _forward;

    public CpuSoftmax(CpuBackend backend, SoftmaxSpec spec)
    {
        _backend = backend;
        _classes = spec.Classes;
        _inner = spec.Inner;
        _blocks = new ColumnBlocks(spec.Outer, spec.Classes, spec.Inner);
    }

    public void Forward(DeviceBuffer input, DeviceBuffer output)
    {
        _x = input.HostPointer(HostAccess.Read);
        _y = output.HostPointer(input == output ? HostAccess.ReadWrite : HostAccess.Write);
        _forward = true;
        _backend.Workers.Run(this, _blocks.Parts);
    }

    public void Backward(DeviceBuffer output, DeviceBuffer outputDiff, DeviceBuffer inputDiff)
    {
        _y = output.HostPointer(HostAccess.Read);
        _dy = outputDiff.HostPointer(HostAccess.Read);
        _dx = inputDiff.HostPointer(outputDiff == inputDiff ? HostAccess.ReadWrite : HostAccess.Write);
        _forward = false;
        _backend.Workers.Run(this, _blocks.Parts);
    }

    public void Dispose() { }

    void IParallelWork.Run(int index)
    {
        float* workspace = stackalloc float[2 * ColumnBlocks.Width];
        _blocks.Part(index, out int first, out int end);
        for (int block = first; block < end; block++)
        {
            _blocks.Block(block, out int outer, out int start, out int length);
            long at = (long)outer * _classes * _inner + start;
            if (_inner == 1) RunRow(at);
            else if (_forward) ForwardColumns(_x + at, _y + at, length, workspace, workspace + ColumnBlocks.Width);
            else BackwardColumns(_y + at, _dy + at, _dx + at, length, workspace);
        }
    }

    // A column that is one run of memory.
    private void RunRow(long at)
    {
        if (!_forward)
        {
            BackwardRow(_y + at, _dy + at, _dx + at);
            return;
        }
        float* x = _x + at, y = _y + at;
        float max = x[0], sum = 0;
        for (int c = 1; c < _classes; c++)
            if (max < x[c]) max = x[c];
        for (int c = 0; c < _classes; c++)
        {
            float e = MathF.Exp(x[c] - max);
            y[c] = e;
            sum += e;
        }
        var divisor = new Vector<float>(sum);
        int width = VectorLoop.Width, i = 0;
        for (; i <= _classes - width; i += width) Unsafe.WriteUnaligned(y + i, Unsafe.ReadUnaligned<Vector<float>>(y + i) / divisor);
        for (; i < _classes; i++) y[i] /= sum;
    }

    private void BackwardRow(float* y, float* dy, float* dx)
    {
        float dot = (float)Rows.Dot(dy, y, _classes);
        var dots = new Vector<float>(dot);
        int width = VectorLoop.Width, i = 0;
        for (; i <= _classes - width; i += width)
            Unsafe.WriteUnaligned(dx + i, (Unsafe.ReadUnaligned<Vector<float>>(dy + i) - dots) * Unsafe.ReadUnaligned<Vector<float>>(y + i));
        for (; i < _classes; i++) dx[i] = (dy[i] - dot) * y[i];
    }

    private void ForwardColumns(float* x, float* y, int length, float* max, float* sum)
    {
        for (int j = 0; j < length; j++)
        {
            max[j] = x[j];
            sum[j] = 0;
        }
        // Caffe's comparison: a NaN in the first class stays the maximum, one further on is passed over and reached by its own exp.
        for (int c = 1; c < _classes; c++)
        {
            float* row = x + (long)c * _inner;
            for (int j = 0; j < length; j++)
                if (max[j] < row[j]) max[j] = row[j];
        }
        for (int c = 0; c < _classes; c++)
        {
            float* from = x + (long)c * _inner, to = y + (long)c * _inner;
            for (int j = 0; j < length; j++)
            {
                float e = MathF.Exp(from[j] - max[j]);
                to[j] = e;
                sum[j] += e;
            }
        }
        for (int c = 0; c < _classes; c++)
        {
            float* to = y + (long)c * _inner;
            for (int j = 0; j < length; j++) to[j] /= sum[j];
        }
    }

    private void BackwardColumns(float* y, float* dy, float* dx, int length, float* dot)
    {
        for (int j = 0; j < length; j++) dot[j] = 0;
        for (int c = 0; c < _classes; c++)
        {
            long row = (long)c * _inner;
            for (int j = 0; j < length; j++) dot[j] += dy[row + j] * y[row + j];
        }
        for (int c = 0; c < _classes; c++)
        {
            long row = (long)c * _inner;
            for (int j = 0; j < length; j++) dx[row + j] = (dy[row + j] - dot[j]) * y[row + j];
        }
    }
}
