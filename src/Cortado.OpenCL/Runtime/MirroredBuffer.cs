using Cortado.Tensors;
using Silk.NET.OpenCL;

namespace Cortado.OpenCL.Runtime;

/// <summary>
/// A buffer of a device with memory of its own and, once the host asks, a mirror in host memory. Each side knows whether it is
/// up to date; contents travel when the other side asks for them. A mirror that is used often becomes pinned memory, from which
/// the device copies by itself.
/// </summary>
internal sealed unsafe class MirroredBuffer : OpenClBuffer
{
    // Pinning takes longer than a copy: what is only filled at the start, or saved at the end, is not worth it.
    private const int TransfersBeforePinning = 2;

    private HostBuffer? _mirror;
    private DeviceMemory? _pinned;
    private float* _view;
    private nint _upload, _download;
    private bool _deviceValid, _hostValid, _streams;
    private int _transfers;

    public MirroredBuffer(OpenClBackend backend, int count) : base(backend, count) => _deviceValid = true;

    private nuint Length => (nuint)((long)Count * sizeof(float));

    public override float* HostPointer(HostAccess access)
    {
        WriteZeros();
        Backend.Queue.Wait(ref _download);
        if (access != HostAccess.Read)
        {
            Version++;
            Backend.Queue.WaitUpload(ref _upload);
        }
        if (!_hostValid) OpenView(fetch: access != HostAccess.Write);
        _hostValid = true;
        if (access != HostAccess.Read) _deviceValid = false;
        return _view;
    }

    public override bool IsHostReadDone => _hostValid && Backend.Queue.IsDone(_download);

    public override void ExpectStream() => _streams = true;

    public override void BeginHostRead()
    {
        WriteZeros();
        if (_hostValid || Count == 0) return;
        Backend.Queue.Wait(ref _download);
        Backend.Queue.WaitUpload(ref _upload);
        MakeView();
        _download = Backend.Queue.BeginRead(Memory.Handle, _view, Length);
        _transfers++;
        _hostValid = true;
    }

    public override nint ForRead()
    {
        WriteZeros();
        if (!_deviceValid && Count > 0)
        {
            Backend.Queue.WaitUpload(ref _upload);
            if (_streams)
            {
                nint free = SwapMemory();
                _upload = Backend.Queue.BeginUpload(Memory.Handle, _view, Length, ref free);
            }
            else
            {
                _upload = Backend.Queue.BeginWrite(Memory.Handle, _view, Length);
            }
            _transfers++;
        }
        _deviceValid = true;
        return Memory.Handle;
    }

    public override nint ForWrite()
    {
        WriteZeros();
        Version++;
        _deviceValid = true;
        _hostValid = false;
        return Memory.Handle;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !Backend.Disposed)
        {
            Backend.Queue.WaitAtLast(ref _upload);
            Backend.Queue.WaitAtLast(ref _download);
            DropView();
        }
        base.Dispose(disposing);
    }

    private void OpenView(bool fetch)
    {
        Backend.Queue.WaitUpload(ref _upload);
        MakeView();
        if (!fetch || Count == 0) return;
        Backend.Queue.Read(Memory.Handle, _view, Length);
        _transfers++;
    }

    // Called only while the mirror's contents do not matter.
    private void MakeView()
    {
        if (_view != null && (_pinned != null || _transfers < TransfersBeforePinning)) return;
        if (_transfers >= TransfersBeforePinning)
        {
            DropView();
            _pinned = new DeviceMemory(Backend, Memory.Bytes, MemFlags.ReadWrite | MemFlags.AllocHostPtr);
            _view = (float*)Backend.Queue.Map(_pinned.Handle, MapFlags.Read | MapFlags.Write, (nuint)Memory.Bytes, null);
            return;
        }
        _mirror = new HostBuffer(Count);
        _view = _mirror.Pointer;
    }

    private void DropView()
    {
        if (_pinned != null) Backend.Queue.UnmapAtLast(_pinned.Handle, _view);
        _pinned?.Dispose();
        _mirror?.Dispose();
        _pinned = null;
        _mirror = null;
        _view = null;
    }
}
