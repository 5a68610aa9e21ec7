using Cortado.Backends.Contracts;
using Cortado.Tensors;

namespace Cortado.Backends.Cpu;

/// <summary>A table looked up by index. Rows of one index are added in the order of the batch, so on one thread.</summary>
internal sealed unsafe class CpuEmbed : IEmbed
{
    private readonly EmbedSpec _spec;

    public CpuEmbed(EmbedSpec spec) => _spec = spec;

    public void Forward(DeviceBuffer indices, DeviceBuffer weights, DeviceBuffer? bias, DeviceBuffer output)
    {
        float* index = indices.HostPointer(HostAccess.Read), w = weights.HostPointer(HostAccess.Read);
        float* b = bias == null ? null : bias.HostPointer(HostAccess.Read), y = output.HostPointer(HostAccess.Write);
        Check(index);
        for (int n = 0; n < _spec.Count; n++, y += _spec.Outputs)
        {
            float* row = w + (long)(int)index[n] * _spec.Outputs;
            new Span<float>(row, _spec.Outputs).CopyTo(new Span<float>(y, _spec.Outputs));
            if (b != null) Add(b, y);
        }
    }

    public void Backward(DeviceBuffer indices, DeviceBuffer outputDiff, DeviceBuffer? weightsDiff, DeviceBuffer? biasDiff)
    {
        float* index = indices.HostPointer(HostAccess.Read), dy = outputDiff.HostPointer(HostAccess.Read);
        float* dw = weightsDiff == null ? null : weightsDiff.HostPointer(HostAccess.ReadWrite);
        float* db = biasDiff == null ? null : biasDiff.HostPointer(HostAccess.ReadWrite);
        Check(index);
        for (int n = 0; n < _spec.Count; n++, dy += _spec.Outputs)
        {
            if (dw != null) Add(dy, dw + (long)(int)index[n] * _spec.Outputs);
            if (db != null) Add(dy, db);
        }
    }

    public void Dispose() { }

    private void Add(float* x, float* sum)
    {
        for (int i = 0; i < _spec.Outputs; i++) sum[i] += x[i];
    }

    private void Check(float* index)
    {
        for (int n = 0; n < _spec.Count; n++)
            if (!(index[n] > -1 && index[n] < _spec.Inputs))
                throw new CortadoException(FormattableString.Invariant(
                    $"index {index[n]} at position {n} is outside the table; expected 0 to {_spec.Inputs - 1} (input_dim is {_spec.Inputs})."));
    }
}
