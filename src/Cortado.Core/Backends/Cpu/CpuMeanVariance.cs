using Cortado.Backends.Contracts;
using Cortado.Tensors;

namespace Cortado.Backends.Cpu;

/// <summary>Normalises rows, each on one thread.</summary>
internal sealed unsafe class CpuMeanVariance : IMeanVariance, IParallelWork
{
    private readonly CpuBackend _backend;
    private readonly MeanVarianceSpec _spec;
    private float* _x, _y, _deviation, _dy, _dx;
    private bool _forward;

    public CpuMeanVariance(CpuBackend backend, MeanVarianceSpec spec)
    {
        _backend = backend;
        _spec = spec;
    }

    public void Forward(DeviceBuffer input, DeviceBuffer output, DeviceBuffer deviation)
    {
        _x = input.HostPointer(HostAccess.Read);
        _y = output.HostPointer(input == output ? HostAccess.ReadWrite : HostAccess.Write);
        _deviation = deviation.HostPointer(HostAccess.Write);
        _forward = true;
        _backend.Workers.Run(this, _spec.Rows);
    }

    public void Backward(DeviceBuffer output, DeviceBuffer deviation, DeviceBuffer outputDiff, DeviceBuffer inputDiff)
    {
        _y = output.HostPointer(HostAccess.Read);
        _deviation = deviation.HostPointer(HostAccess.Read);
        _dy = outputDiff.HostPointer(HostAccess.Read);
        _dx = inputDiff.HostPointer(outputDiff == inputDiff ? HostAccess.ReadWrite : HostAccess.Write);
        _forward = false;
        _backend.Workers.Run(this, _spec.Rows);
    }

    public void Dispose() { }

    void IParallelWork.Run(int index)
    {
        int length = _spec.Length;
        long at = (long)index * length;
        if (_forward)
        {
            float mean = (float)(Rows.Sum(_x + at, length) / length);
            float deviation = _spec.NormalizeVariance
                ? MathF.Sqrt((float)(Rows.SquaredDeviation(_x + at, mean, length) / length)) + _spec.Epsilon
                : 1;
            _deviation[index] = deviation;
            Normalization.Forward(_x + at, _y + at, null, length, mean, deviation);
            return;
        }
        float meanDy = (float)(Rows.Sum(_dy + at, length) / length);
        float meanDyY = _spec.NormalizeVariance ? (float)(Rows.Dot(_dy + at, _y + at, length) / length) : 0;
        if (_spec.NormalizeVariance) Normalization.Backward(_y + at, _dy + at, _dx + at, length, meanDy, meanDyY, _deviation[index]);
        else Normalization.Forward(_dy + at, _dx + at, null, length, meanDy, 1);
    }
}
