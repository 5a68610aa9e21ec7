using Cortado.Backends.Contracts;
using Cortado.OpenCL.Runtime;
using Cortado.Tensors;

namespace Cortado.OpenCL.Operators;

/// <summary>Reductions of one array to a number that the host wants: these wait for the device.</summary>
internal sealed unsafe class OpenClVectorNorm : IVectorNorm
{
    // The same number stands in norm.cl.
    private const int Block = 8192;

    private readonly OpenClBackend _backend;
    private readonly Kernel _sums, _finite;
    private readonly DeviceMemory _results;
    private readonly float[] _host;
    private readonly int _count, _blocks;

    public OpenClVectorNorm(OpenClBackend backend, VectorNormSpec spec)
    {
        _backend = backend;
        ReductionTuning tuning = ReductionTuning.Default(backend);
        _sums = backend.CreateKernel("norm.cl", tuning.CompileOptions, "norm_sums", tuning.Lanes);
        _finite = backend.CreateKernel("norm.cl", tuning.CompileOptions, "first_non_finite", tuning.Lanes);
        _count = spec.Count;
        _blocks = Blocks(spec.Count);
        _host = new float[Math.Max(1, _blocks)];
        _results = new DeviceMemory(backend, (long)_host.Length * sizeof(float));
    }

    /// <summary>Blocks of an array, each of which gives one sum.</summary>
    public static int Blocks(int count) => (count + Block - 1) / Block;

    public double SumOfSquares(DeviceBuffer values) => Sum(values, squares: true);

    public double AbsSum(DeviceBuffer values) => Sum(values, squares: false);

    public int FirstNonFinite(DeviceBuffer values)
    {
        int first = _count;
        nint done = _backend.Queue.BeginWrite(_results.Handle, &first, sizeof(int));
        _backend.Queue.Wait(ref done);
        _finite.Read(values).Memory(_results).Number(_count).Run(_blocks);
        _backend.Queue.Read(_results.Handle, &first, sizeof(int));
        return first < _count ? first : -1;
    }

    public void Dispose()
    {
        _sums.Dispose();
        _finite.Dispose();
        _results.Dispose();
    }

    private double Sum(DeviceBuffer values, bool squares)
    {
        if (_blocks == 0) return 0;
        _sums.Read(values).Memory(_results).Number(_count).Number(squares ? 1 : 0).Number(0).Run(_blocks);
        fixed (float* first = _host) _backend.Queue.Read(_results.Handle, first, (nuint)(_blocks * sizeof(float)));
        double sum = 0;
        for (int i = 0; i < _blocks; i++) sum += _host[i];
        return sum;
    }
}
