namespace Cortado.Tensors;

/// <summary>What a host view of a buffer is wanted for. It decides which way the contents travel.</summary>
public enum HostAccess
{
    /// <summary>Contents are read and stay as they are.</summary>
    Read,

    /// <summary>Every element will be overwritten; what was there need not be fetched.</summary>
    Write,

    /// <summary>Contents are read and changed.</summary>
    ReadWrite,
}

/// <summary>
/// A run of float32 values that a backend owns. Operators of that backend use the memory where it lies; anybody else
/// asks for a host view, and the buffer keeps both sides coherent. So a managed operator can work on any
/// backend's buffers: that is how a device falls back for an operator it lacks.
/// </summary>
public abstract unsafe class DeviceBuffer : IDisposable
{
    /// <summary>Creates a buffer of <paramref name="count"/> floats.</summary>
    protected DeviceBuffer(int count) => Count = count;

    /// <summary>Number of floats.</summary>
    public int Count { get; }

    /// <summary>
    /// The address of the contents in host memory, good until the owning backend next uses the buffer or it is disposed.
    /// It never moves for a buffer in host memory.
    /// </summary>
    public abstract float* HostPointer(HostAccess access);

    /// <summary>
    /// Says that the host will read the contents as they are after the work given so far. A device then sends them at once, beside
    /// the work that is given next, and <see cref="HostPointer"/> waits for no more than that. It waits for nothing itself.
    /// </summary>
    public virtual void BeginHostRead()
    {
    }

    /// <summary>Whether what <see cref="BeginHostRead"/> began has arrived, so that <see cref="HostPointer"/> waits for nothing. It waits for nothing itself.</summary>
    /// <exception cref="DeviceException">The device failed before.</exception>
    public virtual bool IsHostReadDone => true;

    /// <summary>
    /// Says that the host will overwrite the contents whole again and again, as batches come. A device may then take memory for two, so that one
    /// travels while it computes on the other.
    /// </summary>
    public virtual void ExpectStream()
    {
    }

    /// <summary>The contents, to read.</summary>
    public ReadOnlySpan<float> Read() => new(HostPointer(HostAccess.Read), Count);

    /// <summary>The contents, to overwrite whole.</summary>
    public Span<float> Write() => new(HostPointer(HostAccess.Write), Count);

    /// <summary>The contents, to read and change.</summary>
    public Span<float> Update() => new(HostPointer(HostAccess.ReadWrite), Count);

    /// <summary>Sets every element to zero.</summary>
    public virtual void Clear() => Write().Clear();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases the memory.</summary>
    protected abstract void Dispose(bool disposing);
}

/// <summary>Who makes buffers: a backend.</summary>
public interface IBufferAllocator
{
    /// <summary>A new buffer of <paramref name="count"/> floats, all zero.</summary>
    DeviceBuffer Allocate(int count);
}
