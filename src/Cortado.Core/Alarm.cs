namespace Cortado;

/// <summary>
/// Wakes one sleeping thread; a call while it is awake is remembered, once. Like an AutoResetEvent, but without a handle of the system's, and a call to a thread that is
/// awake costs two interlocked operations.
/// </summary>
#pragma warning disable CA1001 // A SemaphoreSlim whose wait handle nobody asks for holds nothing to dispose.
internal sealed class Alarm
#pragma warning restore CA1001
{
    private readonly SemaphoreSlim _semaphore = new(0);
    private int _asleep, _called;

    /// <summary>Wakes the thread, or lets its next <see cref="Wait"/> return at once.</summary>
    public void Set()
    {
        Interlocked.Exchange(ref _called, 1);
        // Who takes the flag down owes, or takes back, exactly one release.
        if (Interlocked.Exchange(ref _asleep, 0) == 1) _semaphore.Release();
    }

    /// <summary>Sleeps until called. May return once too often: the caller looks at what it waits for.</summary>
    public void Wait()
    {
        if (Interlocked.Exchange(ref _called, 0) == 1) return;
        Interlocked.Exchange(ref _asleep, 1);
        if (Interlocked.Exchange(ref _called, 0) == 1 && Interlocked.Exchange(ref _asleep, 0) == 1) return;
        _semaphore.Wait();
    }
}
