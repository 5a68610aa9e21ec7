using Cortado.OpenCL.Runtime;
using Cortado.Tensors;

namespace Cortado.OpenCL;

/// <summary>
/// A buffer on an OpenCL device with a host view that is kept coherent. Kernels take its handle through one of three doors,
/// which bring the device's side up to date and note what becomes of the host's.
/// </summary>
internal abstract unsafe class OpenClBuffer : DeviceBuffer
{
    /// <summary>Device memory is made in whole vectors of 16 floats, so that a kernel may read and write its last vector whole.</summary>
    public const int Granularity = 16;

    private DeviceMemory? _spare;
    private nint _spareFree;

    protected OpenClBuffer(OpenClBackend backend, int count) : base(count)
    {
        Backend = backend;
        Memory = new DeviceMemory(backend, Bytes(count), MemoryFlags(backend));
    }

    public OpenClBackend Backend { get; }

    /// <summary>Changes whenever somebody may have changed the contents: what was learnt about them then no longer holds.</summary>
    public long Version { get; protected set; }

    /// <summary>What a label check found out about the contents.</summary>
    public CheckedLabels Labels { get; set; }

    protected DeviceMemory Memory { get; private set; }

    /// <summary>The memory, for a kernel that reads it.</summary>
    public abstract nint ForRead();

    /// <summary>The memory, for a kernel that overwrites all that counts. Ask for what the kernel reads first: it may be this buffer, too.</summary>
    public abstract nint ForWrite();

    /// <summary>The memory, for a kernel that reads it and changes it.</summary>
    public nint ForUpdate()
    {
        ForRead();
        return ForWrite();
    }

    /// <summary>Whether the contents are all zero by word only: nobody has written the zeros yet.</summary>
    public bool IsZero { get; private set; }

    /// <summary>Makes the contents zero. The zeros are written when somebody asks for the memory, if that does not <see cref="Overwrite"/> it.</summary>
    public override void Clear()
    {
        if (IsZero) return;
        ForWrite();
        IsZero = true;
    }

    /// <summary>
    /// Forgets zeros that nobody has written yet: the caller overwrites them all with the sums that it would have added to them. Returns whether
    /// there were any, in this many floats.
    /// </summary>
    public bool Overwrite(int count)
    {
        if (!IsZero || count != Count) return false;
        IsZero = false;
        return true;
    }

    /// <summary>Before the memory is used: writes the zeros that were only promised.</summary>
    protected void WriteZeros()
    {
        if (!IsZero) return;
        IsZero = false;
        Backend.Queue.Clear(ForWrite(), (nuint)Memory.Bytes);
    }

    /// <summary>
    /// Takes other memory of the same size, so that the host can fill it while commands given so far use the old one. Contents are not
    /// kept. Gives an event after which nobody uses the new one.
    /// </summary>
    protected nint SwapMemory()
    {
        if (_spare == null)
        {
            _spare = new DeviceMemory(Backend, Memory.Bytes, MemoryFlags(Backend));
            Backend.Queue.Clear(_spare.Handle, (nuint)_spare.Bytes);
            _spareFree = Backend.Queue.Marker();
        }
        nint free = _spareFree;
        _spareFree = Backend.Queue.Marker();
        (Memory, _spare) = (_spare, Memory);
        return free;
    }

    protected static long Bytes(int count) => ((long)count + Granularity - 1) / Granularity * Granularity * sizeof(float);

    protected override void Dispose(bool disposing)
    {
        Memory.Dispose();
        _spare?.Dispose();
        if (disposing && !Backend.Disposed) Backend.Queue.Release(ref _spareFree);
    }

    private static Silk.NET.OpenCL.MemFlags MemoryFlags(OpenClBackend backend) =>
        Silk.NET.OpenCL.MemFlags.ReadWrite | (backend.SharesHostMemory ? Silk.NET.OpenCL.MemFlags.AllocHostPtr : 0);
}
