using System.Numerics;
using System.Runtime.CompilerServices;
using Cortado.Backends.Contracts;
using Cortado.Tensors;

namespace Cortado.Backends.Cpu;

/// <summary>Scales and shifts channels row by row; sums gradients channel by channel, in double across rows.</summary>
internal sealed unsafe class CpuChannelAffine : IChannelAffine, IParallelWork
{
    private const int ElementsInPart = 16384;

    private enum Step { Data, Scale, Bias }

    private readonly CpuBackend _backend;
    private readonly int _outer, _channels, _inner, _rows, _rowsInPart;
    private readonly ChannelGroups _groups;
    private readonly double[] _sums;
    private float* _x, _y, _scale, _bias;
    private bool _accumulate;
    private Step _step;

    public CpuChannelAffine(CpuBackend backend, ChannelAffineSpec spec)
    {
        _backend = backend;
        _outer = spec.Outer;
        _channels = spec.Channels;
        _inner = spec.Inner;
        // With one value a channel and example, whole examples are the rows and the factors run along.
        _rows = _inner == 1 ? _outer : _outer * _channels;
        _rowsInPart = Math.Max(1, ElementsInPart / Math.Max(1, _inner == 1 ? _channels : _inner));
        _groups = new ChannelGroups(_channels, _inner);
        _sums = new double[_channels];
    }

    public void Forward(DeviceBuffer input, DeviceBuffer? scale, DeviceBuffer? bias, DeviceBuffer output)
    {
        _x = input.HostPointer(HostAccess.Read);
        _scale = scale == null ? null : scale.HostPointer(HostAccess.Read);
        _bias = bias == null ? null : bias.HostPointer(HostAccess.Read);
        _y = output.HostPointer(input == output ? HostAccess.ReadWrite : HostAccess.Write);
        _step = Step.Data;
        _backend.Workers.Run(this, (_rows + _rowsInPart - 1) / _rowsInPart);
    }

    public void BackwardData(DeviceBuffer outputDiff, DeviceBuffer? scale, DeviceBuffer inputDiff)
    {
        if (scale == null && outputDiff == inputDiff) return;
        Forward(outputDiff, scale, null, inputDiff);
    }

    public void BackwardScale(DeviceBuffer input, DeviceBuffer outputDiff, DeviceBuffer scaleDiff, bool accumulate)
    {
        _x = input.HostPointer(HostAccess.Read);
        Reduce(Step.Scale, outputDiff, scaleDiff, accumulate);
    }

    public void BackwardBias(DeviceBuffer outputDiff, DeviceBuffer biasDiff, bool accumulate) => Reduce(Step.Bias, outputDiff, biasDiff, accumulate);

    public void Dispose() { }

    void IParallelWork.Run(int index)
    {
        if (_step == Step.Data) Apply(index * _rowsInPart, Math.Min(_rows, (index + 1) * _rowsInPart));
        else SumGroup(index);
    }

    private void Reduce(Step step, DeviceBuffer outputDiff, DeviceBuffer result, bool accumulate)
    {
        _y = outputDiff.HostPointer(HostAccess.Read);
        _scale = result.HostPointer(accumulate ? HostAccess.ReadWrite : HostAccess.Write);
        _accumulate = accumulate;
        _step = step;
        _backend.Workers.Run(this, _groups.Parts);
    }

    private void Apply(int first, int end)
    {
        for (int row = first; row < end; row++)
        {
            if (_inner == 1)
            {
                long at = (long)row * _channels;
                ApplyAlong(_x + at, _y + at, _channels);
                continue;
            }
            int channel = row % _channels;
            long start = (long)row * _inner;
            ApplyOne(_x + start, _y + start, _inner, _scale == null ? 1 : _scale[channel], _bias == null ? 0 : _bias[channel]);
        }
    }

    private void ApplyOne(float* x, float* y, int length, float scale, float bias)
    {
        var factor = new Vector<float>(scale);
        var offset = new Vector<float>(bias);
        int width = VectorLoop.Width, i = 0;
        for (; i <= length - width; i += width)
            Unsafe.WriteUnaligned(y + i, Unsafe.ReadUnaligned<Vector<float>>(x + i) * factor + offset);
        for (; i < length; i++) y[i] = x[i] * scale + bias;
    }

    private void ApplyAlong(float* x, float* y, int length)
    {
        int width = VectorLoop.Width, i = 0;
        for (; i <= length - width; i += width)
        {
            Vector<float> value = Unsafe.ReadUnaligned<Vector<float>>(x + i);
            if (_scale != null) value *= Unsafe.ReadUnaligned<Vector<float>>(_scale + i);
            if (_bias != null) value += Unsafe.ReadUnaligned<Vector<float>>(_bias + i);
            Unsafe.WriteUnaligned(y + i, value);
        }
        for (; i < length; i++) y[i] = x[i] * (_scale == null ? 1 : _scale[i]) + (_bias == null ? 0 : _bias[i]);
    }

    private void SumGroup(int group)
    {
        _groups.Part(group, out int first, out int end);
        for (int c = first; c < end; c++) _sums[c] = _accumulate ? _scale[c] : 0;
        if (_inner == 1) SumColumns(first, end);
        else SumRows(first, end);
        for (int c = first; c < end; c++) _scale[c] = (float)_sums[c];
    }

    private void SumColumns(int first, int end)
    {
        if (_step == Step.Scale) Columns.Add(_x, _y, _channels, _channels, _outer, first, end, _sums, default(ProductTerm));
        else Columns.Add(_y, _y, _channels, _channels, _outer, first, end, _sums, default(IdentityTerm));
    }

    private void SumRows(int first, int end)
    {
        for (int n = 0; n < _outer; n++)
        {
            for (int c = first; c < end; c++)
            {
                long at = ((long)n * _channels + c) * _inner;
                _sums[c] += _step == Step.Scale ? Rows.Dot(_x + at, _y + at, _inner) : Rows.Sum(_y + at, _inner);
            }
        }
    }
}
