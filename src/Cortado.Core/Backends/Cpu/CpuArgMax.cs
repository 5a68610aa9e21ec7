using Cortado.Backends.Contracts;
using Cortado.Tensors;

namespace Cortado.Backends.Cpu;

/// <summary>The largest values of each column, kept sorted while the column is read once.</summary>
internal sealed unsafe class CpuArgMax : IArgMax
{
    private readonly ArgMaxSpec _spec;
    private readonly float[] _values;
    private readonly int[] _indices;

    public CpuArgMax(ArgMaxSpec spec)
    {
        _spec = spec;
        _values = new float[spec.TopK];
        _indices = new int[spec.TopK];
    }

    public void Forward(DeviceBuffer input, DeviceBuffer output)
    {
        float* x = input.HostPointer(HostAccess.Read), y = output.HostPointer(HostAccess.Write);
        int inner = _spec.Inner, columns = _spec.Outer * inner;
        for (int i = 0; i < columns; i++)
        {
            int outer = i / inner;
            Select(x + ((long)outer * _spec.Count * inner + (i - outer * inner)));
            if (_spec.Output == ArgMaxOutput.IndicesThenValues) WriteBoth(y + (long)2 * i * _spec.TopK);
            else WriteOne(y + ((long)outer * _spec.TopK * inner + (i - outer * inner)), _spec.Output == ArgMaxOutput.Values);
        }
    }

    public void Dispose() { }

    private void Select(float* column)
    {
        int kept = 0;
        for (int c = 0; c < _spec.Count; c++)
        {
            float value = column[(long)c * _spec.Inner];
            // Of equal values the later index goes first: Caffe sorts pairs of value and index, both descending.
            int place = kept;
            while (place > 0 && !(_values[place - 1] > value)) place--;
            if (place >= _spec.TopK) continue;
            if (kept < _spec.TopK) kept++;
            for (int j = kept - 1; j > place; j--)
            {
                _values[j] = _values[j - 1];
                _indices[j] = _indices[j - 1];
            }
            _values[place] = value;
            _indices[place] = c;
        }
    }

    private void WriteOne(float* y, bool values)
    {
        for (int k = 0; k < _spec.TopK; k++) y[(long)k * _spec.Inner] = values ? _values[k] : _indices[k];
    }

    private void WriteBoth(float* y)
    {
        for (int k = 0; k < _spec.TopK; k++)
        {
            y[k] = _indices[k];
            y[_spec.TopK + k] = _values[k];
        }
    }
}
