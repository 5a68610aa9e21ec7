using Cortado.Backends;
using Cortado.Tensors;

namespace Cortado.OpenCL;

/// <summary>Stands in for a backend and counts what it would allocate.</summary>
internal sealed class OpenClRehearsal : IRehearsal
{
    private readonly OpenClBackend _counting;
    private int _fallbacks;

    public OpenClRehearsal(OpenClBackend counting) => _counting = counting;

    public string Name => _counting.Name;

    public string Description => _counting.Description;

    public long PeakBytes => _counting.PeakBytes;

    public long LargestBufferBytes => _counting.LargestAllocation;

    public DeviceBuffer Allocate(int count) => _counting.Allocate(count);

    public TOperator Prepare<TOperator>(OperatorSpec<TOperator> spec) where TOperator : class, IOperator => _counting.Prepare(spec);

    public bool TakeFallback()
    {
        bool fellBack = _counting.PreparedFallbacks > _fallbacks;
        _fallbacks = _counting.PreparedFallbacks;
        return fellBack;
    }

    public void Synchronize()
    {
    }

    public void Dispose() => _counting.Dispose();
}
