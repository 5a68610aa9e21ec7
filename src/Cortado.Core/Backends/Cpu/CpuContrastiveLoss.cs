using Cortado.Backends.Contracts;
using Cortado.Tensors;

namespace Cortado.Backends.Cpu;

/// <summary>The contrastive loss of pairs.</summary>
internal sealed unsafe class CpuContrastiveLoss : IContrastiveLoss
{
    // Caffe's, in the divisor of the gradient: two equal features have no direction.
    private const float SmallestDistance = 1e-4f;

    private readonly ContrastiveLossSpec _spec;

    public CpuContrastiveLoss(ContrastiveLossSpec spec) => _spec = spec;

    public void Forward(DeviceBuffer a, DeviceBuffer b, DeviceBuffer similar, DeviceBuffer loss)
    {
        float* x = a.HostPointer(HostAccess.Read), y = b.HostPointer(HostAccess.Read), label = similar.HostPointer(HostAccess.Read);
        double sum = 0;
        for (int n = 0; n < _spec.Batch; n++, x += _spec.Inner, y += _spec.Inner)
        {
            float squared = (float)Rows.SquaredDistance(x, y, _spec.Inner);
            if (IsSimilar(label[n])) sum += squared;
            else
            {
                float gap = Gap(squared);
                // As Caffe's max(gap, 0): a NaN distance stays NaN.
                if (gap < 0) gap = 0;
                sum += _spec.Legacy ? gap : gap * gap;
            }
        }
        *loss.HostPointer(HostAccess.Write) = (float)(sum / _spec.Batch / 2);
    }

    public void Backward(DeviceBuffer a, DeviceBuffer b, DeviceBuffer similar, DeviceBuffer lossDiff, DeviceBuffer? aDiff, DeviceBuffer? bDiff)
    {
        float* x = a.HostPointer(HostAccess.Read), y = b.HostPointer(HostAccess.Read), label = similar.HostPointer(HostAccess.Read);
        float alpha = *lossDiff.HostPointer(HostAccess.Read) / _spec.Batch;
        float* dx = aDiff == null ? null : aDiff.HostPointer(HostAccess.Write), dy = bDiff == null ? null : bDiff.HostPointer(HostAccess.Write);
        for (int n = 0; n < _spec.Batch; n++)
        {
            long at = (long)n * _spec.Inner;
            float factor = IsSimilar(label[n]) ? alpha : PushApart(alpha, (float)Rows.SquaredDistance(x + at, y + at, _spec.Inner));
            for (long i = at; i < at + _spec.Inner; i++)
            {
                float gradient = factor == 0 ? 0 : factor * (x[i] - y[i]);
                if (dx != null) dx[i] = gradient;
                if (dy != null) dy[i] = -gradient;
            }
        }
    }

    public void Dispose() { }

    private static bool IsSimilar(float label) => float.IsNaN(label) || (int)label != 0;

    private float Gap(float squared) => _spec.Margin - (_spec.Legacy ? squared : MathF.Sqrt(squared));

    private float PushApart(float alpha, float squared)
    {
        float gap = Gap(squared);
        if (!(gap > 0)) return 0;
        return _spec.Legacy ? -alpha : -alpha * gap / (MathF.Sqrt(squared) + SmallestDistance);
    }
}
