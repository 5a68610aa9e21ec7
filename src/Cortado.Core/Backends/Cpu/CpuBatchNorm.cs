using Cortado.Backends.Contracts;
using Cortado.Tensors;

namespace Cortado.Backends.Cpu;

/// <summary>Batch normalisation, a few channels on each thread; sums over the batch are double.</summary>
internal sealed unsafe class CpuBatchNorm : IBatchNorm, IParallelWork
{
    private readonly CpuBackend _backend;
    private readonly BatchNormSpec _spec;
    private readonly ChannelGroups _groups;
    private readonly double[] _sums, _products;
    private readonly float[] _means;
    private float* _x, _y, _dy, _dx, _runningMean, _runningVariance, _deviation, _normalized;
    private float _statisticsScale;
    private bool _forward;

    public CpuBatchNorm(CpuBackend backend, BatchNormSpec spec)
    {
        _backend = backend;
        _spec = spec;
        _groups = new ChannelGroups(spec.Channels, spec.Inner);
        _sums = new double[spec.Channels];
        _products = new double[spec.Channels];
        _means = new float[spec.Channels];
    }

    public void Forward(DeviceBuffer input, DeviceBuffer output, DeviceBuffer runningMean, DeviceBuffer runningVariance, DeviceBuffer runningFactor,
        DeviceBuffer deviation, DeviceBuffer? normalized)
    {
        HostAccess statistics = _spec.UseGlobalStats ? HostAccess.Read : HostAccess.ReadWrite;
        _x = input.HostPointer(HostAccess.Read);
        _y = output.HostPointer(input == output ? HostAccess.ReadWrite : HostAccess.Write);
        _runningMean = runningMean.HostPointer(statistics);
        _runningVariance = runningVariance.HostPointer(statistics);
        _deviation = deviation.HostPointer(HostAccess.Write);
        _normalized = normalized == null ? null : normalized.HostPointer(HostAccess.Write);
        float* factor = runningFactor.HostPointer(statistics);
        if (_spec.UseGlobalStats) _statisticsScale = *factor == 0 ? 0 : 1 / *factor;
        else *factor = *factor * _spec.MovingAverageFraction + 1;
        _forward = true;
        _backend.Workers.Run(this, _groups.Parts);
    }

    public void Backward(DeviceBuffer deviation, DeviceBuffer? normalized, DeviceBuffer outputDiff, DeviceBuffer inputDiff)
    {
        _deviation = deviation.HostPointer(HostAccess.Read);
        _normalized = normalized == null ? null : normalized.HostPointer(HostAccess.Read);
        _dy = outputDiff.HostPointer(HostAccess.Read);
        _dx = inputDiff.HostPointer(outputDiff == inputDiff ? HostAccess.ReadWrite : HostAccess.Write);
        _forward = false;
        _backend.Workers.Run(this, _groups.Parts);
    }

    public void Dispose() { }

    void IParallelWork.Run(int index)
    {
        _groups.Part(index, out int first, out int end);
        if (_forward)
        {
            if (_spec.UseGlobalStats) UseRunning(first, end);
            else Measure(first, end);
            for (int n = 0; n < _spec.Batch; n++)
                for (int c = first; c < end; c++)
                {
                    long at = At(n, c);
                    Normalization.Forward(_x + at, _y + at, _normalized == null ? null : _normalized + at, _spec.Inner, _means[c], _deviation[c]);
                }
        }
        else if (_normalized == null)
        {
            for (int n = 0; n < _spec.Batch; n++)
                for (int c = first; c < end; c++) Normalization.Forward(_dy + At(n, c), _dx + At(n, c), null, _spec.Inner, 0, _deviation[c]);
        }
        else
        {
            BackwardGroup(first, end);
        }
    }

    private long At(int n, int c) => ((long)n * _spec.Channels + c) * _spec.Inner;

    private void UseRunning(int first, int end)
    {
        for (int c = first; c < end; c++)
        {
            _means[c] = _runningMean[c] * _statisticsScale;
            _deviation[c] = MathF.Sqrt(_runningVariance[c] * _statisticsScale + _spec.Epsilon);
        }
    }

    private void Measure(int first, int end)
    {
        double values = (double)_spec.Batch * _spec.Inner;
        Array.Clear(_sums, first, end - first);
        Array.Clear(_products, first, end - first);
        for (int n = 0; n < _spec.Batch; n++)
            for (int c = first; c < end; c++) _sums[c] += Rows.Sum(_x + At(n, c), _spec.Inner);
        for (int c = first; c < end; c++) _means[c] = (float)(_sums[c] / values);
        for (int n = 0; n < _spec.Batch; n++)
            for (int c = first; c < end; c++) _products[c] += Rows.SquaredDeviation(_x + At(n, c), _means[c], _spec.Inner);
        float unbiased = values > 1 ? (float)(values / (values - 1)) : 1;
        for (int c = first; c < end; c++)
        {
            float variance = (float)(_products[c] / values);
            _runningMean[c] = _means[c] + _spec.MovingAverageFraction * _runningMean[c];
            _runningVariance[c] = unbiased * variance + _spec.MovingAverageFraction * _runningVariance[c];
            _deviation[c] = MathF.Sqrt(variance + _spec.Epsilon);
        }
    }

    private void BackwardGroup(int first, int end)
    {
        double values = (double)_spec.Batch * _spec.Inner;
        Array.Clear(_sums, first, end - first);
        Array.Clear(_products, first, end - first);
        for (int n = 0; n < _spec.Batch; n++)
            for (int c = first; c < end; c++)
            {
                _sums[c] += Rows.Sum(_dy + At(n, c), _spec.Inner);
                _products[c] += Rows.Dot(_dy + At(n, c), _normalized + At(n, c), _spec.Inner);
            }
        for (int n = 0; n < _spec.Batch; n++)
            for (int c = first; c < end; c++)
                Normalization.Backward(_normalized + At(n, c), _dy + At(n, c), _dx + At(n, c), _spec.Inner,
                    (float)(_sums[c] / values), (float)(_products[c] / values), _deviation[c]);
    }
}
