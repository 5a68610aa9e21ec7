namespace Cortado.OpenCL.Runtime;

/// <summary>
/// Scratch memory on the device, as large as the most that any operator asked for. Its contents last for one call of an operator. Ask
/// for it anew in each call: it may have grown since.
/// </summary>
internal sealed class Workspace : IDisposable
{
    private readonly OpenClBackend _backend;
    private readonly bool _scratch;
    private DeviceMemory? _memory;
    private long _reserved;

    /// <summary>Of <paramref name="scratch"/> kernels may touch more than they use.</summary>
    public Workspace(OpenClBackend backend, bool scratch = false)
    {
        _backend = backend;
        _scratch = scratch;
    }

    /// <summary>What it holds, in bytes.</summary>
    public long AllocatedBytes => _memory?.Bytes ?? 0;

    /// <summary>Says in Prepare how much a call will need.</summary>
    public void Reserve(long bytes) => _reserved = Math.Max(_reserved, bytes);

    /// <summary>The memory; at least what was reserved.</summary>
    public DeviceMemory Memory
    {
        get
        {
            if (_memory != null && _memory.Bytes >= _reserved) return _memory;
            // Commands that use the old piece keep it alive until they are done.
            _memory?.Dispose();
            return _memory = new DeviceMemory(_backend, _reserved, scratch: _scratch);
        }
    }

    public void Dispose() => _memory?.Dispose();
}
