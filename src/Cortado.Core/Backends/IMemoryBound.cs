namespace Cortado.Backends;

/// <summary>What memory a device has.</summary>
/// <param name="Device">The device's name.</param>
/// <param name="TotalBytes">Its memory in bytes.</param>
/// <param name="LargestBufferBytes">The longest single buffer in bytes.</param>
/// <param name="DriverBytes">What of it is left to the driver and the screen: no driver tells how much that is.</param>
public sealed record MemoryLimits(string Device, long TotalBytes, long LargestBufferBytes, long DriverBytes = 0);

/// <summary>A backend on a device whose memory runs out at a known size, so that a network's need is worked out before anything is allocated.</summary>
public interface IMemoryBound : IBackend
{
    /// <summary>What the device has.</summary>
    MemoryLimits MemoryLimits { get; }

    /// <summary>Bytes of it that this backend holds now, without scratch memory that whatever is built next will use too.</summary>
    long HeldBytes { get; }

    /// <summary>A stand-in for this backend that allocates and computes nothing and counts what would have been allocated.</summary>
    IRehearsal BeginRehearsal();
}

/// <summary>
/// A backend that only counts: networks built on it run through the same code as on the device that it stands in for, so it knows what they will take,
/// workspace of operators included. Contents of its buffers mean nothing.
/// </summary>
public interface IRehearsal : IBackend
{
    /// <summary>The most bytes that were held at one time.</summary>
    long PeakBytes { get; }

    /// <summary>The longest single buffer in bytes.</summary>
    long LargestBufferBytes { get; }

    /// <summary>Whether an operator prepared since this was last asked is one that the device lacks, and that must not be run here.</summary>
    bool TakeFallback();
}
