using System.Numerics;
using System.Runtime.CompilerServices;
using Cortado.Backends.Contracts;
using Cortado.Tensors;

namespace Cortado.Backends.Cpu;

/// <summary>MAX pooling; each thread has whole planes, forward and backward, so that no two add to one gradient.</summary>
internal sealed unsafe class CpuMaxPooling : IMaxPooling, IParallelWork
{
    private readonly CpuBackend _backend;
    private readonly MaxPoolingSpec _spec;
    private readonly PoolingPlanes _planes;
    private readonly HostBuffer _argmax;
    private readonly int _inPlane, _outPlane;
    private float* _x, _y, _mask, _dy, _dx;
    private bool _forward;

    public CpuMaxPooling(CpuBackend backend, MaxPoolingSpec spec)
    {
        _backend = backend;
        _spec = spec;
        _planes = PoolingPlanes.Create(spec, backend.Workers.Count, float.MinValue);
        _inPlane = spec.InHeight * spec.InWidth;
        _outPlane = spec.OutHeight * spec.OutWidth;
        _argmax = new HostBuffer(Math.Max(1, checked(spec.Planes * _outPlane)));
    }

    public void Forward(DeviceBuffer input, DeviceBuffer output, DeviceBuffer? mask)
    {
        _x = input.HostPointer(HostAccess.Read);
        _y = output.HostPointer(HostAccess.Write);
        _mask = mask == null ? null : mask.HostPointer(HostAccess.Write);
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

    public void Dispose()
    {
        _planes.Dispose();
        _argmax.Dispose();
    }

    void IParallelWork.Run(int index)
    {
        (int first, int end) = _planes.Range(index);
        int* argmax = (int*)_argmax.Pointer;
        for (int plane = first; plane < end; plane++)
        {
            int* indices = argmax + (long)plane * _outPlane;
            if (_forward)
            {
                ForwardPlane(index, _x + (long)plane * _inPlane, _y + (long)plane * _outPlane, indices);
                if (_mask != null) WriteMask(indices, _mask + (long)plane * _outPlane);
            }
            else
            {
                BackwardPlane(indices, _dy + (long)plane * _outPlane, _dx + (long)plane * _inPlane);
            }
        }
    }

    [MethodImpl(KernelCode.Optimized)]
    private void ForwardPlane(int part, float* x, float* y, int* indices)
    {
        float* windows = _planes.Windows(part, x);
        float* row = _planes.Row(part);
        int* rowIndices = (int*)(row + _planes.VectorColumns);
        int outWidth = _spec.OutWidth, stride = _spec.StrideWidth;
        for (int oy = 0; oy < _spec.OutHeight; oy++)
        {
            int inRow = oy * _spec.StrideHeight;
            int firstIndex = (inRow - _spec.PadHeight) * _spec.InWidth - _spec.PadWidth;
            float* top = windows + (long)inRow * _planes.FrameWidth;
            float* yRow = y + (long)oy * outWidth;
            int* indexRow = indices + (long)oy * outWidth;
            if (!_backend.Kernels.HasVectors)
            {
                MaximaOneByOne(top, firstIndex, yRow, indexRow);
                continue;
            }
            if (stride == 1 && outWidth >= Vector<float>.Count)
            {
                MaximumRow(top, firstIndex, outWidth, yRow, indexRow);
                continue;
            }
            MaximumRow(top, firstIndex, _planes.Framed ? _planes.VectorColumns : _planes.Columns, row, rowIndices);
            for (int ox = 0; ox < outWidth; ox++)
            {
                yRow[ox] = row[ox * stride];
                indexRow[ox] = rowIndices[ox * stride];
            }
        }
    }

    /// <summary>The maxima of the windows that start in the first columns of a row. At least a vector of columns; the last vector may overlap the one before.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private void MaximumRow(float* top, int firstIndex, int columns, float* values, int* indices)
    {
        int width = Vector<float>.Count, tapRows = _planes.TapRows, tapColumns = _planes.TapColumns;
        int frameWidth = _planes.FrameWidth, inWidth = _spec.InWidth;
        Vector<int> lanes = LaneNumbers;
        for (int column = 0; ; column = Math.Min(column + width, columns - width))
        {
            var best = new Vector<float>(float.MinValue);
            var bestIndex = new Vector<int>(-1);
            Vector<int> rowIndex = lanes + new Vector<int>(firstIndex + column);
            float* window = top + column;
            for (int ky = 0; ky < tapRows; ky++)
            {
                Vector<int> tapIndex = rowIndex;
                for (int kx = 0; kx < tapColumns; kx++)
                {
                    Vector<float> value = Unsafe.ReadUnaligned<Vector<float>>(window + kx);
                    Vector<int> greater = Vector.GreaterThan(value, best);
                    best = Vector.ConditionalSelect(greater, value, best);
                    bestIndex = Vector.ConditionalSelect(greater, tapIndex, bestIndex);
                    tapIndex += Vector<int>.One;
                }
                window += frameWidth;
                rowIndex += new Vector<int>(inWidth);
            }
            Unsafe.WriteUnaligned(values + column, best);
            Unsafe.WriteUnaligned(indices + column, bestIndex);
            if (column + width >= columns) break;
        }
    }

    [MethodImpl(KernelCode.Optimized)]
    private void MaximaOneByOne(float* top, int firstIndex, float* values, int* indices)
    {
        int tapRows = _planes.TapRows, tapColumns = _planes.TapColumns, frameWidth = _planes.FrameWidth, inWidth = _spec.InWidth;
        int stride = _spec.StrideWidth, outWidth = _spec.OutWidth;
        for (int ox = 0; ox < outWidth; ox++, top += stride, firstIndex += stride)
        {
            float best = float.MinValue;
            int bestIndex = -1, rowIndex = firstIndex;
            float* window = top;
            for (int ky = 0; ky < tapRows; ky++, window += frameWidth, rowIndex += inWidth)
                for (int kx = 0; kx < tapColumns; kx++)
                {
                    if (!(window[kx] > best)) continue;
                    best = window[kx];
                    bestIndex = rowIndex + kx;
                }
            values[ox] = best;
            indices[ox] = bestIndex;
        }
    }

    [MethodImpl(KernelCode.Optimized)]
    private void BackwardPlane(int* indices, float* dy, float* dx)
    {
        new Span<float>(dx, _inPlane).Clear();
        for (int i = 0; i < _outPlane; i++)
        {
            int index = indices[i];
            // -1 where the window had no maximum.
            if ((uint)index < (uint)_inPlane) dx[index] += dy[i];
        }
    }

    [MethodImpl(KernelCode.Optimized)]
    private void WriteMask(int* indices, float* mask)
    {
        for (int i = 0; i < _outPlane; i++) mask[i] = indices[i];
    }

    private static readonly Vector<int> LaneNumbers = CountLanes();

    private static Vector<int> CountLanes()
    {
        Span<int> lanes = stackalloc int[Vector<int>.Count];
        for (int i = 0; i < lanes.Length; i++) lanes[i] = i;
        return new Vector<int>(lanes);
    }
}
