#if NET
using System.Runtime.CompilerServices;
#else
using System.Runtime.InteropServices;
#endif

namespace Cortado.Tensors;

/// <summary>
/// A buffer in managed memory that the garbage collector does not move, aligned to a cache line (64 bytes) so that
/// no vector load of an aligned row splits one.
/// </summary>
public sealed unsafe class HostBuffer : DeviceBuffer
{
    /// <summary>Alignment of the first element, in bytes.</summary>
    public const int Alignment = 64;

    private const int Slack = Alignment / sizeof(float);

    // The array stands behind the pointer: as long as the buffer lives, so does it.
    private float[]? _array;
#if !NET
    private GCHandle _pin;
#endif
    private float* _pointer;

    /// <summary>Creates a buffer of <paramref name="count"/> floats, all zero.</summary>
    public HostBuffer(int count) : base(count)
    {
#if NET
        _array = GC.AllocateArray<float>(checked(count + Slack), pinned: true);
        float* start = (float*)Unsafe.AsPointer(ref _array[0]);
#else
        _array = new float[checked(count + Slack)];
        _pin = GCHandle.Alloc(_array, GCHandleType.Pinned);
        float* start = (float*)_pin.AddrOfPinnedObject();
#endif
        _pointer = (float*)(((nint)start + Alignment - 1) & ~(nint)(Alignment - 1));
    }

#if !NET
    /// <summary>Lets the array go when the owner forgot to: a pin that nobody frees would hold it for ever.</summary>
    ~HostBuffer() => Dispose(false);
#endif

    /// <summary>The address of the first element; it stays the same until the buffer is disposed.</summary>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    public float* Pointer => _pointer != null ? _pointer : throw new ObjectDisposedException(nameof(HostBuffer));

    /// <inheritdoc/>
    public override float* HostPointer(HostAccess access) => Pointer;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _pointer = null;
        _array = null;
#if !NET
        if (_pin.IsAllocated) _pin.Free();
#endif
    }
}
