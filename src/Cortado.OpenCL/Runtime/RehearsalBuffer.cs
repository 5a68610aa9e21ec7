using Cortado.Tensors;

namespace Cortado.OpenCL.Runtime;

/// <summary>A buffer of a backend that only counts memory. Its host view is memory of its own, made where somebody asks for it.</summary>
internal sealed unsafe class RehearsalBuffer : OpenClBuffer
{
    private HostBuffer? _host;
    private DeviceMemory? _spare;

    public RehearsalBuffer(OpenClBackend backend, int count) : base(backend, count)
    {
    }

    public override float* HostPointer(HostAccess access) => (_host ??= new HostBuffer(Count)).Pointer;

    public override void ExpectStream() => _spare ??= new DeviceMemory(Backend, Memory.Bytes);

    public override nint ForRead() => Memory.Handle;

    public override nint ForWrite() => Memory.Handle;

    protected override void Dispose(bool disposing)
    {
        if (disposing) _host?.Dispose();
        _spare?.Dispose();
        base.Dispose(disposing);
    }
}
