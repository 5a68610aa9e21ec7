using Cortado.Backends.Contracts;
using Cortado.OpenCL.Runtime;
using Cortado.Tensors;

namespace Cortado.OpenCL.Operators;

/// <summary>Sums of blocks of all arrays, side by side in one piece of memory, which the host reads once.</summary>
internal sealed unsafe class OpenClGlobalNorm : IGlobalNorm
{
    private readonly OpenClBackend _backend;
    private readonly Kernel _sums;
    private readonly DeviceMemory _results;
    private readonly float[] _host;
    private readonly int[] _counts, _first;

    public OpenClGlobalNorm(OpenClBackend backend, GlobalNormSpec spec)
    {
        _backend = backend;
        ReductionTuning tuning = ReductionTuning.Default(backend);
        _sums = backend.CreateKernel("norm.cl", tuning.CompileOptions, "norm_sums", tuning.Lanes);
        _counts = new int[spec.Counts.Count];
        _first = new int[_counts.Length + 1];
        for (int i = 0; i < _counts.Length; i++)
        {
            _counts[i] = spec.Counts[i];
            _first[i + 1] = _first[i] + OpenClVectorNorm.Blocks(_counts[i]);
        }
        _host = new float[_first[^1]];
        _results = new DeviceMemory(backend, (long)_host.Length * sizeof(float));
    }

    public double SumOfSquares(IReadOnlyList<DeviceBuffer?> arrays)
    {
        if (_host.Length == 0) return 0;
        for (int i = 0; i < _counts.Length; i++)
            if (arrays[i] is { } array) _sums.Read(array).Memory(_results).Number(_counts[i]).Number(1).Number(_first[i]).Run(_first[i + 1] - _first[i]);
        fixed (float* first = _host) _backend.Queue.Read(_results.Handle, first, (nuint)_host.Length * sizeof(float));
        double all = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            if (arrays[i] == null) continue;
            double sum = 0;
            for (int j = _first[i]; j < _first[i + 1]; j++) sum += _host[j];
            all += sum;
        }
        return all;
    }

    public void Dispose()
    {
        _sums.Dispose();
        _results.Dispose();
    }
}
