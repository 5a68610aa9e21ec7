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
    private bool _writable;
    private nint _mapping;

    public SharedBuffer(OpenClBackend backend, int count) : base(backend, count) => backend.Queue.Clear(Memory.Handle, (nuint)Memory.Bytes);

    public override float* HostPointer(HostAccess access)
    {
        bool writes = access != HostAccess.Read;
        if (writes) Version++;
        if (_view != null && writes && !_writable) Close();
        if (_view == null)
        {
            _view = Backend.Queue.Map(Memory.Handle, writes ? MapFlags.Read | MapFlags.Write : MapFlags.Read, (nuint)Memory.Bytes, null);
            _writable = writes;
        }
        Backend.Queue.Wait(ref _mapping);
        return (float*)_view;
    }

    public override void BeginHostRead()
    {
        if (_view != null) return;
        nint done;
        _view = Backend.Queue.Map(Memory.Handle, MapFlags.Read, (nuint)Memory.Bytes, &done);
        _mapping = done;
        _writable = false;
    }

    public override nint ForRead()
    {
        if (_writable) Close();
        return Memory.Handle;
    }

    public override nint ForWrite()
    {
        Version++;
        if (_view != null) Close();
        return Memory.Handle;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && _view != null && !Backend.Disposed) Close();
        base.Dispose(disposing);
    }

    private void Close()
    {
        Backend.Queue.Wait(ref _mapping);
        Backend.Queue.Unmap(Memory.Handle, _view);
        _view = null;
        _writable = false;
    }
}
