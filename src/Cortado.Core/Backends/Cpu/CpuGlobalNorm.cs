using Cortado.Backends.Contracts;
using Cortado.Tensors;

namespace Cortado.Backends.Cpu;

/// <summary>One array after the other.</summary>
internal sealed class CpuGlobalNorm : IGlobalNorm
{
    private readonly CpuVectorNorm[] _norms;

    public CpuGlobalNorm(CpuBackend backend, GlobalNormSpec spec)
    {
        _norms = new CpuVectorNorm[spec.Counts.Count];
        for (int i = 0; i < _norms.Length; i++) _norms[i] = new CpuVectorNorm(backend, new VectorNormSpec(spec.Counts[i]));
    }

    public double SumOfSquares(IReadOnlyList<DeviceBuffer?> arrays)
    {
        double sum = 0;
        for (int i = 0; i < _norms.Length; i++)
            if (arrays[i] is { } array) sum += _norms[i].SumOfSquares(array);
        return sum;
    }

    public void Dispose()
    {
        foreach (CpuVectorNorm norm in _norms) norm.Dispose();
    }
}
