using System.Numerics;
using System.Runtime.CompilerServices;
using Cortado.Backends.Contracts;
using Cortado.Tensors;

namespace Cortado.Backends.Cpu;

/// <summary>AVE pooling; each thread has whole planes.</summary>
internal sealed unsafe class CpuAveragePooling : IAveragePooling, IParallelWork
{
    private readonly CpuBackend _backend;
    private readonly AveragePoolingSpec _spec;
    private readonly PoolingPlanes _planes;
    private readonly int _inPlane, _outPlane;
    private float* _x, _y, _dy, _dx;
    private bool _forward;

    public CpuAveragePooling(CpuBackend backend, AveragePoolingSpec spec)
    {
        _backend = backend;
        _spec = spec;
        _planes = PoolingPlanes.Create(spec, backend.Workers.Count, 0);
        _inPlane = spec.InHeight * spec.InWidth;
        _outPlane = spec.OutHeight * spec.OutWidth;
    }

    public void Forward(DeviceBuffer input, DeviceBuffer output)
    {
        _x = input.HostPointer(HostAccess.Read);
        _y = output.HostPointer(HostAccess.Write);
        _forward = true;
        _backend.Workers.Run(this, _planes.Parts);
    }

    public void Backward(DeviceBuffer outputDiff, DeviceBuffer inputDiff)
    {
        _dy = outputDiff.HostPointer(HostAccess.Read);
        _dx = inputDiff.HostPointer(HostAccess.Write);
        _forward = false;
        _backend.Workers.Run(this, _planes.Parts);
    }

    public void Dispose() => _planes.Dispose();

    void IParallelWork.Run(int index)
    {
        (int first, int end) = _planes.Range(index);
        for (int plane = first; plane < end; plane++)
        {
            if (_forward) ForwardPlane(index, _x + (long)plane * _inPlane, _y + (long)plane * _outPlane);
            else BackwardPlane(_dy + (long)plane * _outPlane, _dx + (long)plane * _inPlane);
        }
    }

    [MethodImpl(KernelCode.Optimized)]
    private void ForwardPlane(int part, float* x, float* y)
    {
        float* windows = _planes.Windows(part, x);
        float* row = _planes.Row(part);
        for (int oy = 0; oy < _spec.OutHeight; oy++)
        {
            float* top = windows + (long)oy * _spec.StrideHeight * _planes.FrameWidth;
            if (_backend.Kernels.HasVectors) SumRow(top, row);
            else SumOneByOne(top, row);
            int rows = Rows(oy);
            float* yRow = y + (long)oy * _spec.OutWidth;
            for (int ox = 0; ox < _spec.OutWidth; ox++) yRow[ox] = row[ox * _spec.StrideWidth] / (rows * Columns(ox));
        }
    }

    /// <summary>The sums of the windows that start in each column of a row.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private void SumRow(float* top, float* sums)
    {
        int width = Vector<float>.Count, tapRows = _planes.TapRows, tapColumns = _planes.TapColumns;
        int columns = _planes.Framed ? _planes.VectorColumns : _planes.Columns;
        for (int column = 0; ; column = Math.Min(column + width, columns - width))
        {
            Vector<float> sum = Vector<float>.Zero;
            float* window = top + column;
            for (int ky = 0; ky < tapRows; ky++, window += _planes.FrameWidth)
                for (int kx = 0; kx < tapColumns; kx++)
                    sum += Unsafe.ReadUnaligned<Vector<float>>(window + kx);
            Unsafe.WriteUnaligned(sums + column, sum);
            if (column + width >= columns) break;
        }
    }

    /// <summary>The sums of the windows that count, each where <see cref="SumRow"/> puts it.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private void SumOneByOne(float* top, float* sums)
    {
        int tapRows = _planes.TapRows, tapColumns = _planes.TapColumns, frameWidth = _planes.FrameWidth, stride = _spec.StrideWidth;
        for (int column = 0; column < _planes.Columns; column += stride)
        {
            float sum = 0;
            float* window = top + column;
            for (int ky = 0; ky < tapRows; ky++, window += frameWidth)
                for (int kx = 0; kx < tapColumns; kx++) sum += window[kx];
            sums[column] = sum;
        }
    }

    [MethodImpl(KernelCode.Optimized)]
    private void BackwardPlane(float* dy, float* dx)
    {
        new Span<float>(dx, _inPlane).Clear();
        int inHeight = _spec.InHeight, inWidth = _spec.InWidth;
        for (int oy = 0; oy < _spec.OutHeight; oy++)
        {
            int top = oy * _spec.StrideHeight - _spec.PadHeight, bottom = Math.Min(top + _spec.KernelHeight, inHeight), rows = Rows(oy);
            for (int ox = 0; ox < _spec.OutWidth; ox++)
            {
                int left = ox * _spec.StrideWidth - _spec.PadWidth, right = Math.Min(left + _spec.KernelWidth, inWidth);
                float share = dy[oy * _spec.OutWidth + ox] / (rows * Columns(ox));
                for (int iy = Math.Max(top, 0); iy < bottom; iy++)
                    for (int ix = Math.Max(left, 0); ix < right; ix++)
                        dx[(long)iy * inWidth + ix] += share;
            }
        }
    }

    /// <summary>Rows of a window that its divisor counts. Not above zero for a window below the image; Caffe divides by that, too.</summary>
    private int Rows(int oy) => Extent(oy * _spec.StrideHeight - _spec.PadHeight, _spec.KernelHeight, _spec.InHeight + _spec.PadHeight);

    private int Columns(int ox) => Extent(ox * _spec.StrideWidth - _spec.PadWidth, _spec.KernelWidth, _spec.InWidth + _spec.PadWidth);

    private static int Extent(int start, int kernel, int limit) => Math.Min(start + kernel, limit) - start;
}
