using System.Runtime.CompilerServices;
using Cortado.Backends.Contracts;
using Cortado.Tensors;

namespace Cortado.Backends.Cpu;

/// <summary>
/// LRN across channels. A piece of work is a strip of pixels of one image with all its channels: small enough that its scales
/// stay in the cache between the running sums along the channels and their use. Backward computes the scales again,
/// which is cheaper than to write them to memory and read them back.
/// </summary>
internal sealed unsafe class CpuLrnAcrossChannels<TPower, TSimd, TVector> : ILrn, IParallelWork
    where TPower : struct, INegativePower
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private const int Strip = 64;

    private readonly CpuBackend _backend;
    private readonly LrnAcrossChannelsSpec _spec;
    private readonly TPower _power;
    private readonly int _radius, _strips, _parts;
    private readonly float _alphaOverSize;
    private readonly HostBuffer _scratch;
    private float* _x, _y, _dy, _dx;
    private bool _forward;

    public CpuLrnAcrossChannels(CpuBackend backend, LrnAcrossChannelsSpec spec, TPower power)
    {
        _backend = backend;
        _spec = spec;
        _power = power;
        _radius = (spec.Size - 1) / 2;
        _strips = (spec.Pixels + Strip - 1) / Strip;
        _parts = (int)Math.Min((long)spec.Batch * _strips, backend.Workers.Count * 4);
        _alphaOverSize = spec.Alpha / spec.Size;
        _scratch = new HostBuffer(checked(Math.Max(1, _parts) * ScratchLength));
    }

    // Scales, later ratios; outputDiff * scale^-beta; one row of running sums.
    private int ScratchLength => checked((2 * _spec.Channels + 1) * Strip);

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
        float* scratch = _scratch.Pointer + (long)index * ScratchLength;
        long strips = (long)_spec.Batch * _strips, image = (long)_spec.Channels * _spec.Pixels;
        long end = strips * (index + 1) / _parts;
        for (long strip = strips * index / _parts; strip < end; strip++)
        {
            int pixel = (int)(strip % _strips) * Strip, width = Math.Min(Strip, _spec.Pixels - pixel);
            long offset = strip / _strips * image + pixel;
            Scales(_x + offset, scratch, width);
            if (_forward) Outputs(_x + offset, scratch, _y + offset, width);
            else Gradients(_x + offset, _dy + offset, _dx + offset, scratch, width);
        }
    }

    /// <summary>The scales of a strip, by sums that run along the channels: the next one comes in, the last one goes out.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private void Scales(float* x, float* scales, int width)
    {
        int channels = _spec.Channels;
        long pixels = _spec.Pixels;
        new Span<float>(scales, width).Fill(_spec.K);
        for (int c = 0; c <= _radius && c < channels; c++) AddSquares(x + c * pixels, _alphaOverSize, scales, scales, width);
        for (int c = 1; c < channels; c++)
        {
            float* scale = scales + (long)c * Strip, before = scale - Strip;
            int lead = c + _radius, trail = lead - _spec.Size;
            if (lead < channels && trail >= 0)
                SlideSquares(x + lead * pixels, x + trail * pixels, before, scale, width);
            else if (lead < channels)
                AddSquares(x + lead * pixels, _alphaOverSize, before, scale, width);
            else if (trail >= 0)
                AddSquares(x + trail * pixels, -_alphaOverSize, before, scale, width);
            else
                new ReadOnlySpan<float>(before, width).CopyTo(new Span<float>(scale, width));
        }
    }

    [MethodImpl(KernelCode.Optimized)]
    private void Outputs(float* x, float* scales, float* y, int width)
    {
        TSimd simd = default;
        TPower power = _power;
        for (int c = 0; c < _spec.Channels; c++, x += _spec.Pixels, y += _spec.Pixels, scales += Strip)
        {
            int i = 0;
            for (; i <= width - simd.Width; i += simd.Width)
                simd.Store(y + i, simd.Multiply(simd.Load(x + i), power.Of<TSimd, TVector>(simd.Load(scales + i))));
            for (; i < width; i++) y[i] = x[i] * power.Of(scales[i]);
        }
    }

    [MethodImpl(KernelCode.Optimized)]
    private void Gradients(float* x, float* dy, float* dx, float* scratch, int width)
    {
        int channels = _spec.Channels;
        long pixels = _spec.Pixels;
        float* ratios = scratch, scaled = ratios + (long)channels * Strip, sum = scaled + (long)channels * Strip;
        Ratios(x, dy, ratios, scaled, width);
        new Span<float>(sum, width).Clear();
        for (int c = 0; c < _radius && c < channels; c++) Add(ratios + (long)c * Strip, sum, width);
        float factor = 2 * _spec.Alpha * _spec.Beta / _spec.Size;
        for (int c = 0; c < channels; c++)
        {
            int lead = c + _radius, trail = c - _radius;
            if (lead < channels) Add(ratios + (long)lead * Strip, sum, width);
            Combine(x + c * pixels, scaled + (long)c * Strip, sum, factor, dx + c * pixels, width);
            if (trail >= 0) Subtract(ratios + (long)trail * Strip, sum, width);
        }
    }

    /// <summary>scaled = dy * s^-beta and ratios = dy * y / s, written over the scales s.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private void Ratios(float* x, float* dy, float* scales, float* scaled, int width)
    {
        TSimd simd = default;
        TPower power = _power;
        for (int c = 0; c < _spec.Channels; c++, x += _spec.Pixels, dy += _spec.Pixels, scales += Strip, scaled += Strip)
        {
            int i = 0;
            for (; i <= width - simd.Width; i += simd.Width)
            {
                TVector scale = simd.Load(scales + i), product = simd.Multiply(simd.Load(dy + i), power.Of<TSimd, TVector>(scale));
                simd.Store(scaled + i, product);
                simd.Store(scales + i, simd.Divide(simd.Multiply(product, simd.Load(x + i)), scale));
            }
            for (; i < width; i++)
            {
                scaled[i] = dy[i] * power.Of(scales[i]);
                scales[i] = scaled[i] * x[i] / scales[i];
            }
        }
    }

    /// <summary>to = from + weight * x^2.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private static void AddSquares(float* x, float weight, float* from, float* to, int width)
    {
        TSimd simd = default;
        TVector weights = simd.Fill(weight);
        int i = 0;
        for (; i <= width - simd.Width; i += simd.Width)
        {
            TVector value = simd.Load(x + i);
            simd.Store(to + i, simd.Add(simd.Load(from + i), simd.Multiply(simd.Multiply(value, value), weights)));
        }
        for (; i < width; i++) to[i] = from[i] + x[i] * x[i] * weight;
    }

    [MethodImpl(KernelCode.Optimized)]
    private void SlideSquares(float* lead, float* trail, float* from, float* to, int width)
    {
        TSimd simd = default;
        float weight = _alphaOverSize;
        TVector weights = simd.Fill(weight);
        int i = 0;
        for (; i <= width - simd.Width; i += simd.Width)
        {
            TVector come = simd.Load(lead + i), go = simd.Load(trail + i);
            TVector grown = simd.Add(simd.Load(from + i), simd.Multiply(simd.Multiply(come, come), weights));
            simd.Store(to + i, simd.Subtract(grown, simd.Multiply(simd.Multiply(go, go), weights)));
        }
        for (; i < width; i++) to[i] = from[i] + lead[i] * lead[i] * weight - trail[i] * trail[i] * weight;
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Add(float* values, float* sum, int width)
    {
        TSimd simd = default;
        int i = 0;
        for (; i <= width - simd.Width; i += simd.Width) simd.Store(sum + i, simd.Add(simd.Load(sum + i), simd.Load(values + i)));
        for (; i < width; i++) sum[i] += values[i];
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Subtract(float* values, float* sum, int width)
    {
        TSimd simd = default;
        int i = 0;
        for (; i <= width - simd.Width; i += simd.Width) simd.Store(sum + i, simd.Subtract(simd.Load(sum + i), simd.Load(values + i)));
        for (; i < width; i++) sum[i] -= values[i];
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Combine(float* x, float* scaled, float* sum, float factor, float* dx, int width)
    {
        TSimd simd = default;
        TVector factors = simd.Fill(factor);
        int i = 0;
        for (; i <= width - simd.Width; i += simd.Width)
            simd.Store(dx + i, simd.Subtract(simd.Load(scaled + i), simd.Multiply(simd.Multiply(simd.Load(x + i), simd.Load(sum + i)), factors)));
        for (; i < width; i++) dx[i] = scaled[i] - x[i] * sum[i] * factor;
    }
}
