using Cortado.Tensors;
using Silk.NET.OpenCL;

namespace Cortado.OpenCL.Runtime;

/// <summary>
/// A buffer of a device that shares the host's memory: the host view is the memory itself, mapped. Nothing is copied. A view for
/// reading stays open while kernels only read.
/// </summary>
internal sealed unsafe class SharedBuffer : OpenClBuffer
{
    private void* _view;
    private bool _writable, _streams, _uploads;
    private nint _mapping;

    public SharedBuffer(OpenClBackend backend, int count) : base(backend, count)
    {
    }

    public override float* HostPointer(HostAccess access)
    {
        WriteZeros();
        bool writes = access != HostAccess.Read;
        if (writes) Version++;
        if (_view != null && writes && !_writable) Close();
        if (_view == null && _streams && access == HostAccess.Write)
        {
            nint free = SwapMemory();
            _view = Backend.Queue.MapForUpload(Memory.Handle, (nuint)Memory.Bytes, ref free);
            _writable = _uploads = true;
        }
        if (_view == null)
        {
            _view = Backend.Queue.Map(Memory.Handle, writes ? MapFlags.Read | MapFlags.Write : MapFlags.Read, (nuint)Memory.Bytes, null);
            _writable = writes;
        }
        Backend.Queue.Wait(ref _mapping);
        return (float*)_view;
    }

    public override bool IsHostReadDone => _view != null && Backend.Queue.IsDone(_mapping);

    public override void ExpectStream() => _streams = true;

    public override void BeginHostRead()
    {
        WriteZeros();
        if (_view != null) return;
        nint done;
        _view = Backend.Queue.Map(Memory.Handle, MapFlags.Read, (nuint)Memory.Bytes, &done);
        _mapping = done;
        _writable = false;
    }

    public override nint ForRead()
    {
        WriteZeros();
        if (_writable) Close();
        return Memory.Handle;
    }

    public override nint ForWrite()
    {
        WriteZeros();
        Version++;
        if (_view != null) Close();
        return Memory.Handle;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && _view != null && !Backend.Disposed)
        {
            Backend.Queue.Release(ref _mapping);
            Backend.Queue.UnmapAtLast(Memory.Handle, _view);
            _view = null;
        }
        base.Dispose(disposing);
    }

    private void Close()
    {
        // Nobody reads a view that was begun and is given up: its event need not be waited for, as the queue is in order.
        Backend.Queue.Release(ref _mapping);
        if (_uploads) Backend.Queue.UnmapUpload(Memory.Handle, _view);
        else Backend.Queue.Unmap(Memory.Handle, _view);
        _view = null;
        _writable = _uploads = false;
    }
}
