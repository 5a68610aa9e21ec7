using System.Runtime.CompilerServices;
using Cortado.Backends.Contracts;
using Cortado.Tensors;

namespace Cortado.Backends.Cpu;

/// <summary>
/// LRN within each channel. A plane's squares go into a frame of zeros wide enough for every window; a window's sum is taken
/// rows first, then columns. Backward is the same sum over another frame: the window is symmetric.
/// </summary>
internal sealed unsafe class CpuLrnWithinChannel<TPower, TSimd, TVector> : ILrn, IParallelWork
    where TPower : struct, INegativePower
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private readonly CpuBackend _backend;
    private readonly LrnWithinChannelSpec _spec;
    private readonly TPower _power;
    private readonly int _parts, _radius, _rowLength, _frameLength, _scratchLength;
    private readonly HostBuffer _scratch;
    private float* _x, _y, _dy, _dx;
    private bool _forward;

    public CpuLrnWithinChannel(CpuBackend backend, LrnWithinChannelSpec spec, TPower power)
    {
        _backend = backend;
        _spec = spec;
        _power = power;
        _radius = (spec.Size - 1) / 2;
        _parts = Math.Min(spec.Planes, backend.Workers.Count * 4);
        // Whole vectors on the right of the image, and the windows of the last of them.
        int width = default(TSimd).Width;
        _rowLength = checked((spec.Width + width - 1) / width * width + 2 * _radius + width);
        _frameLength = checked((spec.Height + 2 * _radius) * _rowLength);
        _scratchLength = checked((3 * _frameLength + 2 * _rowLength + 15) / 16 * 16);
        _scratch = new HostBuffer(checked(Math.Max(1, _parts) * _scratchLength));
    }

    public void Forward(DeviceBuffer input, DeviceBuffer output)
    {
        _x = input.HostPointer(HostAccess.Read);
        _y = output.HostPointer(input == output ? HostAccess.ReadWrite : HostAccess.Write);
        _forward = true;
        _backend.Workers.Run(this, _parts);
    }

    public void Backward(DeviceBuffer input, DeviceBuffer outputDiff, DeviceBuffer inputDiff)
    {
        _x = input.HostPointer(HostAccess.Read);
        _dy = outputDiff.HostPointer(HostAccess.Read);
        _dx = inputDiff.HostPointer(outputDiff == inputDiff ? HostAccess.ReadWrite : HostAccess.Write);
        _forward = false;
        _backend.Workers.Run(this, _parts);
    }

    public void Dispose() => _scratch.Dispose();

    void IParallelWork.Run(int index)
    {
        float* squares = _scratch.Pointer + (long)index * _scratchLength, powers = squares + _frameLength, ratios = powers + _frameLength;
        float* columns = ratios + _frameLength, sums = columns + _rowLength;
        long plane = (long)_spec.Height * _spec.Width;
        long end = (long)_spec.Planes * (index + 1) / _parts;
        for (long i = (long)_spec.Planes * index / _parts; i < end; i++)
        {
            float* x = _x + i * plane;
            FillSquares(x, squares);
            if (_forward) ForwardPlane(x, squares, columns, sums, _y + i * plane);
            else BackwardPlane(x, _dy + i * plane, squares, powers, ratios, columns, sums, _dx + i * plane);
        }
    }

    [MethodImpl(KernelCode.Optimized)]
    private void FillSquares(float* x, float* squares)
    {
        for (int row = 0; row < _spec.Height; row++)
        {
            float* inside = squares + (long)(row + _radius) * _rowLength + _radius;
            for (int i = 0; i < _spec.Width; i++, x++) inside[i] = *x * *x;
        }
    }

    [MethodImpl(KernelCode.Optimized)]
    private void ForwardPlane(float* x, float* squares, float* columns, float* sums, float* y)
    {
        TSimd simd = default;
        for (int row = 0; row < _spec.Height; row++, x += _spec.Width, y += _spec.Width)
        {
            SumWindows(squares + (long)row * _rowLength, columns, sums);
            for (int i = 0; i < _spec.Width; i += simd.Width) simd.Store(sums + i, _power.Of<TSimd, TVector>(Scale(simd.Load(sums + i))));
            for (int i = 0; i < _spec.Width; i++) y[i] = x[i] * sums[i];
        }
    }

    [MethodImpl(KernelCode.Optimized)]
    private void BackwardPlane(float* x, float* dy, float* squares, float* powers, float* ratios, float* columns, float* sums, float* dx)
    {
        TSimd simd = default;
        for (int row = 0; row < _spec.Height; row++)
        {
            SumWindows(squares + (long)row * _rowLength, columns, sums);
            float* power = powers + (long)row * _rowLength, ratio = ratios + (long)(row + _radius) * _rowLength + _radius;
            float* rowX = x + (long)row * _spec.Width, rowDy = dy + (long)row * _spec.Width;
            for (int i = 0; i < _spec.Width; i += simd.Width)
            {
                TVector scale = Scale(simd.Load(sums + i)), raised = _power.Of<TSimd, TVector>(scale);
                simd.Store(power + i, raised);
                simd.Store(sums + i, simd.Divide(raised, scale));
            }
            for (int i = 0; i < _spec.Width; i++) ratio[i] = rowDy[i] * rowX[i] * sums[i];
        }
        float factor = 2 * _spec.Alpha * _spec.Beta / ((float)_spec.Size * _spec.Size);
        for (int row = 0; row < _spec.Height; row++, x += _spec.Width, dy += _spec.Width, dx += _spec.Width)
        {
            SumWindows(ratios + (long)row * _rowLength, columns, sums);
            float* power = powers + (long)row * _rowLength;
            for (int i = 0; i < _spec.Width; i++) dx[i] = dy[i] * power[i] - factor * x[i] * sums[i];
        }
    }

    /// <summary>The sums of the windows whose first row is given, one for each column and some beyond.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private void SumWindows(float* top, float* columns, float* sums)
    {
        TSimd simd = default;
        int width = simd.Width, size = _spec.Size;
        for (int i = 0; i < _rowLength; i += width)
        {
            // The last vector of a row is moved back so that it ends with the row.
            int at = Math.Min(i, _rowLength - width);
            TVector sum = simd.Zero;
            float* value = top + at;
            for (int row = 0; row < size; row++, value += _rowLength) sum = simd.Add(sum, simd.Load(value));
            simd.Store(columns + at, sum);
        }
        for (int i = 0; i < _spec.Width; i += width)
        {
            TVector sum = simd.Zero;
            for (int column = 0; column < size; column++) sum = simd.Add(sum, simd.Load(columns + i + column));
            simd.Store(sums + i, sum);
        }
    }

    private TVector Scale(TVector sum)
    {
        TSimd simd = default;
        TVector mean = simd.Divide(sum, simd.Fill((float)_spec.Size * _spec.Size));
        return simd.Add(simd.Fill(1), simd.Multiply(mean, simd.Fill(_spec.Alpha)));
    }
}
