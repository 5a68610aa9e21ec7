using Silk.NET.OpenCL;

namespace Cortado.OpenCL.Runtime;

/// <summary>A piece of device memory that the host never sees: an operator's workspace. Not cleared.</summary>
internal sealed class DeviceMemory : IDisposable
{
    private readonly OpenClBackend _backend;
    private readonly MemFlags _flags;
    private nint _handle;

    /// <summary>Makes memory; of <paramref name="scratch"/> kernels may touch more than they use.</summary>
    public DeviceMemory(OpenClBackend backend, long bytes, MemFlags flags = MemFlags.ReadWrite, bool scratch = false)
    {
        _backend = backend;
        _flags = flags;
        Bytes = Math.Max(4, bytes);
        _handle = backend.CreateMemory(flags, Bytes, scratch);
    }

    /// <summary>A forgotten piece would stay on the device for ever. Releasing is safe on any thread.</summary>
    ~DeviceMemory() => Release();

    public nint Handle => _handle != 0 ? _handle : throw new ObjectDisposedException(nameof(DeviceMemory));

    public long Bytes { get; }

    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    private void Release()
    {
        if (_handle == 0) return;
        _backend.ReleaseMemory(_handle, _flags, Bytes);
        _handle = 0;
    }
}
