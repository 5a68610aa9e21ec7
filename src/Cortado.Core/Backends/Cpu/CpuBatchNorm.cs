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
    // Means forward; means of the gradient and of its product with the output backward. Host buffers: they have addresses.
    private readonly HostBuffer _means, _productMeans;
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
        _means = new HostBuffer(spec.Channels);
        _productMeans = new HostBuffer(spec.Channels);
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

    public void Dispose()
    {
        _means.Dispose();
        _productMeans.Dispose();
    }

    void IParallelWork.Run(int index)
    {
        _groups.Part(index, out int first, out int end);
        if (_forward)
        {
            if (_spec.UseGlobalStats) UseRunning(first, end);
            else Measure(first, end);
            Normalize(_x, _y, _normalized, first, end);
        }
        else if (_normalized == null)
        {
            // Global statistics do not depend on the input: the gradient is only divided.
            new Span<float>(_means.Pointer + first, end - first).Clear();
            Normalize(_dy, _dx, null, first, end);
        }
        else
        {
            BackwardGroup(first, end);
        }
    }

    private long At(int n, int c) => ((long)n * _spec.Channels + c) * _spec.Inner;

    private void Normalize(float* x, float* y, float* copy, int first, int end)
    {
        float* means = _means.Pointer;
        for (int n = 0; n < _spec.Batch; n++)
        {
            long row = At(n, first);
            if (_spec.Inner == 1)
            {
                Normalization.ForwardAlong(x + row, y + row, copy == null ? null : copy + row, end - first, means + first, _deviation + first);
                continue;
            }
            for (int c = first; c < end; c++, row += _spec.Inner)
                Normalization.Forward(x + row, y + row, copy == null ? null : copy + row, _spec.Inner, means[c], _deviation[c]);
        }
    }

    private void UseRunning(int first, int end)
    {
        float* means = _means.Pointer;
        for (int c = first; c < end; c++)
        {
            means[c] = _runningMean[c] * _statisticsScale;
            _deviation[c] = MathF.Sqrt(_runningVariance[c] * _statisticsScale + _spec.Epsilon);
        }
    }

    private void Measure(int first, int end)
    {
        double values = (double)_spec.Batch * _spec.Inner;
        float* means = _means.Pointer;
        Array.Clear(_sums, first, end - first);
        Array.Clear(_products, first, end - first);
        if (_spec.Inner == 1) Columns.Add(_x, _x, _spec.Channels, _spec.Channels, _spec.Batch, first, end, _sums, default(IdentityTerm));
        else
            for (int n = 0; n < _spec.Batch; n++)
                for (int c = first; c < end; c++) _sums[c] += Rows.Sum(_x + At(n, c), _spec.Inner);
        for (int c = first; c < end; c++) means[c] = (float)(_sums[c] / values);
        if (_spec.Inner == 1) Columns.Add(_x, means, _spec.Channels, 0, _spec.Batch, first, end, _products, default(SquaredDifferenceTerm));
        else
            for (int n = 0; n < _spec.Batch; n++)
                for (int c = first; c < end; c++) _products[c] += Rows.SquaredDeviation(_x + At(n, c), means[c], _spec.Inner);
        float unbiased = values > 1 ? (float)(values / (values - 1)) : 1;
        for (int c = first; c < end; c++)
        {
            float variance = (float)(_products[c] / values);
            _runningMean[c] = means[c] + _spec.MovingAverageFraction * _runningMean[c];
            _runningVariance[c] = unbiased * variance + _spec.MovingAverageFraction * _runningVariance[c];
            _deviation[c] = MathF.Sqrt(variance + _spec.Epsilon);
        }
    }

    private void BackwardGroup(int first, int end)
    {
        int channels = _spec.Channels, inner = _spec.Inner;
        double values = (double)_spec.Batch * inner;
        float* means = _means.Pointer, productMeans = _productMeans.Pointer;
        Array.Clear(_sums, first, end - first);
        Array.Clear(_products, first, end - first);
        if (inner == 1)
        {
            Columns.Add(_dy, _dy, channels, channels, _spec.Batch, first, end, _sums, default(IdentityTerm));
            Columns.Add(_dy, _normalized, channels, channels, _spec.Batch, first, end, _products, default(ProductTerm));
        }
        else
        {
            for (int n = 0; n < _spec.Batch; n++)
                for (int c = first; c < end; c++)
                {
                    _sums[c] += Rows.Sum(_dy + At(n, c), inner);
                    _products[c] += Rows.Dot(_dy + At(n, c), _normalized + At(n, c), inner);
                }
        }
        for (int c = first; c < end; c++)
        {
            means[c] = (float)(_sums[c] / values);
            productMeans[c] = (float)(_products[c] / values);
        }
        for (int n = 0; n < _spec.Batch; n++)
        {
            long row = At(n, first);
            if (inner == 1)
            {
                Normalization.BackwardAlong(_normalized + row, _dy + row, _dx + row, end - first, means + first, productMeans + first, _deviation + first);
                continue;
            }
            for (int c = first; c < end; c++, row += inner)
                Normalization.Backward(_normalized + row, _dy + row, _dx + row, inner, means[c], productMeans[c], _deviation[c]);
        }
    }
}
