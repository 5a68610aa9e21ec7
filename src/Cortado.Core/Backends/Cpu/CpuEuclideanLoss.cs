using Cortado.Backends.Contracts;
using Cortado.Tensors;

namespace Cortado.Backends.Cpu;

/// <summary>Half the squared distance, in blocks.</summary>
internal sealed unsafe class CpuEuclideanLoss : IEuclideanLoss, IParallelWork
{
    private readonly CpuBackend _backend;
    private readonly int _batch;
    private readonly LossSum _sum;
    private float* _a, _b, _da, _db;
    private float _scale;
    private bool _forward;

    public CpuEuclideanLoss(CpuBackend backend, EuclideanLossSpec spec)
    {
        _backend = backend;
        _batch = spec.Batch;
        _sum = new LossSum(spec.Batch * spec.Inner, spec.Batch, LossNormalization.BatchSize);
    }

    public void Forward(DeviceBuffer a, DeviceBuffer b, DeviceBuffer loss)
    {
        _a = a.HostPointer(HostAccess.Read);
        _b = b.HostPointer(HostAccess.Read);
        _forward = true;
        _backend.Workers.Run(this, _sum.Blocks);
        *loss.HostPointer(HostAccess.Write) = _sum.Loss() / 2;
    }

    public void Backward(DeviceBuffer a, DeviceBuffer b, DeviceBuffer lossDiff, DeviceBuffer? aDiff, DeviceBuffer? bDiff)
    {
        _a = a.HostPointer(HostAccess.Read);
        _b = b.HostPointer(HostAccess.Read);
        _scale = *lossDiff.HostPointer(HostAccess.Read) / _batch;
        _da = aDiff == null ? null : aDiff.HostPointer(HostAccess.Write);
        _db = bDiff == null ? null : bDiff.HostPointer(HostAccess.Write);
        _forward = false;
        _backend.Workers.Run(this, _sum.Blocks);
    }

    public void Dispose() { }

    void IParallelWork.Run(int index)
    {
        _sum.Range(index, out int start, out int end);
        if (_forward)
        {
            _sum.Set(index, Rows.SquaredDistance(_a + start, _b + start, end - start), end - start);
            return;
        }
        for (int i = start; i < end; i++)
        {
            float gradient = _scale * (_a[i] - _b[i]);
            if (_da != null) _da[i] = gradient;
            if (_db != null) _db[i] = -gradient;
        }
    }
}
