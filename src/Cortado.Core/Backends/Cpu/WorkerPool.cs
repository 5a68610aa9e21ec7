namespace Cortado.Backends.Cpu;

/// <summary>
/// Persistent threads that run the parts of one <see cref="IParallelWork"/> at a time; the caller works too. A worker spins
/// for a while before it sleeps: the next operator of a network comes within microseconds.
/// </summary>
internal sealed class WorkerPool : IDisposable
{
    private const int SpinsBeforeSleep = 2000;

    private readonly Thread[] _threads;
    private readonly SemaphoreSlim[] _wake;
    private readonly int[] _asleep;
    private IParallelWork? _work;
    private int _parts, _next, _busy, _generation;
    private Exception? _failure;
    private volatile bool _stopping;

    public WorkerPool(int count)
    {
        Count = Math.Max(1, count);
        _threads = new Thread[Count - 1];
        _wake = new SemaphoreSlim[Count - 1];
        _asleep = new int[Count - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            int index = i;
            _wake[i] = new SemaphoreSlim(0);
            _threads[i] = new Thread(() => Loop(index)) { IsBackground = true, Name = "Cortado worker " + (i + 1) };
            _threads[i].Start();
        }
    }

    /// <summary>Threads that work, the caller's included.</summary>
    public int Count { get; }

    /// <summary>Runs parts 0..parts-1 and returns when all are done.</summary>
    public void Run(IParallelWork work, int parts)
    {
        if (parts <= 0) return;
        if (parts == 1 || _threads.Length == 0)
        {
            for (int i = 0; i < parts; i++) work.Run(i);
            return;
        }
        _work = work;
        _parts = parts;
        _next = 0;
        _failure = null;
        Volatile.Write(ref _busy, _threads.Length);
        Interlocked.Increment(ref _generation);
        for (int i = 0; i < _threads.Length; i++)
            if (Interlocked.Exchange(ref _asleep[i], 0) == 1) _wake[i].Release();
        Drain();
        var spin = new SpinWait();
        while (Volatile.Read(ref _busy) != 0) spin.SpinOnce();
        _work = null;
        if (_failure != null)
            throw new InvalidOperationException("An operator failed on a worker thread: " + _failure.Message, _failure);
    }

    public void Dispose()
    {
        if (_stopping) return;
        _stopping = true;
        Interlocked.Increment(ref _generation);
        foreach (SemaphoreSlim wake in _wake) wake.Release();
        foreach (Thread thread in _threads) thread.Join();
        foreach (SemaphoreSlim wake in _wake) wake.Dispose();
    }

    private void Drain()
    {
        IParallelWork work = _work!;
        int parts = _parts;
        try
        {
            int index;
            while ((index = Interlocked.Increment(ref _next) - 1) < parts) work.Run(index);
        }
        catch (Exception failure)
        {
            Interlocked.CompareExchange(ref _failure, failure, null);
        }
    }

    private void Loop(int index)
    {
        int seen = 0;
        while (true)
        {
            int spins = 0;
            while (Volatile.Read(ref _generation) == seen)
            {
                if (++spins < SpinsBeforeSleep) { Thread.SpinWait(20); continue; }
                Volatile.Write(ref _asleep[index], 1);
                // The generation may have moved between the last look and the flag; whoever resets the flag owns the wake-up.
                if (Volatile.Read(ref _generation) != seen && Interlocked.Exchange(ref _asleep[index], 0) == 1) break;
                _wake[index].Wait();
                spins = 0;
            }
            if (_stopping) return;
            seen = Volatile.Read(ref _generation);
            Drain();
            Interlocked.Decrement(ref _busy);
        }
    }
}
