using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Cortado.Backends.Cpu;

/// <summary>
/// Persistent threads that run the parts of one <see cref="IParallelWork"/> at a time; the caller works too. A worker that runs
/// out of work looks for more for some tens of microseconds, because the next operator of a network comes that soon, and then
/// blocks, so that an idle pool costs nothing and a crowded machine gets its processors back.
/// </summary>
/// <remarks>
/// One counter, <see cref="_unclaimed"/>, is the whole protocol. It is positive only from the moment that a job is published to
/// the moment that its last part is claimed. Who lowers it owns a part, and the caller does not return before every owned part
/// is done; so the job's fields, which are read after the claim, cannot change under a worker, however late it comes.
/// </remarks>
internal sealed class WorkerPool : IDisposable
{
    private static readonly long SpinTicks = Stopwatch.Frequency / 20_000; // 50 microseconds
    private static readonly long JoinSpinTicks = Stopwatch.Frequency / 2_000; // 500 microseconds

    private readonly Worker[] _workers;
    private readonly SemaphoreSlim _joined = new(0);
    private IParallelWork? _work;
    private int _parts, _running, _callerSleeps;
    private int _unclaimed, _unfinished;
    private Exception? _failure;
    private volatile bool _stopping;

    public WorkerPool(int count)
    {
        Count = Math.Max(1, count);
        _workers = new Worker[Count - 1];
        for (int i = 0; i < _workers.Length; i++) _workers[i] = new Worker(this, i + 1);
        foreach (Worker worker in _workers) worker.Start();
        // A thread's first blocking wait makes the runtime allocate; better here than in the middle of a step.
        if (_workers.Length > 0) _joined.Wait(1);
    }

    /// <summary>Threads that work, the caller's included.</summary>
    public int Count { get; }

    /// <summary>
    /// Runs parts 0..parts-1 and returns when all are done. When the pool is busy already (a part that starts work of its own,
    /// or a second caller), the parts run one after another on this thread.
    /// </summary>
    /// <exception cref="Exception">Whatever the first failing part threw; parts not yet begun are then left out.</exception>
    public void Run(IParallelWork work, int parts)
    {
        if (parts <= 0) return;
        if (parts == 1 || _workers.Length == 0 || Interlocked.CompareExchange(ref _running, 1, 0) != 0)
        {
            for (int i = 0; i < parts; i++) work.Run(i);
            return;
        }
        _work = work;
        _parts = parts;
        _failure = null;
        _unfinished = parts;
        // A full fence: a worker that sees the count sees the job, and a worker that did not see it has said that it sleeps.
        Interlocked.Exchange(ref _unclaimed, parts);
        int wanted = Math.Min(_workers.Length, parts - 1);
        for (int i = 0; i < wanted; i++) _workers[i].WakeIfAsleep();
        while (TryRunPart()) { }
        Join();
        _work = null;
        Exception? failure = _failure;
        _failure = null;
        Volatile.Write(ref _running, 0);
        if (failure != null) ExceptionDispatchInfo.Capture(failure).Throw();
    }

    public void Dispose()
    {
        if (_stopping) return;
        _stopping = true;
        Interlocked.MemoryBarrier();
        foreach (Worker worker in _workers) worker.WakeIfAsleep();
        foreach (Worker worker in _workers) worker.Dispose();
        _joined.Dispose();
    }

    private bool TryRunPart()
    {
        int unclaimed = Volatile.Read(ref _unclaimed);
        while (unclaimed > 0)
        {
            int seen = Interlocked.CompareExchange(ref _unclaimed, unclaimed - 1, unclaimed);
            if (seen == unclaimed)
            {
                RunPart(_parts - unclaimed);
                return true;
            }
            unclaimed = seen;
        }
        return false;
    }

    private void RunPart(int index)
    {
        try
        {
            if (Volatile.Read(ref _failure) == null) _work!.Run(index);
        }
        catch (Exception failure)
        {
            Interlocked.CompareExchange(ref _failure, failure, null);
        }
        if (Interlocked.Decrement(ref _unfinished) == 0 && Interlocked.Exchange(ref _callerSleeps, 0) == 1) _joined.Release();
    }

    private void Join()
    {
        while (!SpinUntilFinished())
        {
            Interlocked.Exchange(ref _callerSleeps, 1);
            bool finished = Volatile.Read(ref _unfinished) == 0;
            // Whoever takes the flag down decides: we, and nobody wakes us, or a worker, and a release is on its way.
            if (finished && Interlocked.Exchange(ref _callerSleeps, 0) == 1) return;
            _joined.Wait();
            // Not proof that this job is done: the last worker of an earlier one may have been late to look at the flag.
        }
    }

    private bool SpinUntilFinished()
    {
        for (int spins = 0; spins < 200; spins++)
        {
            if (Volatile.Read(ref _unfinished) == 0) return true;
            Thread.SpinWait(8);
        }
        long start = Stopwatch.GetTimestamp();
        do
        {
            if (Volatile.Read(ref _unfinished) == 0) return true;
            Thread.Yield();
        }
        while (Stopwatch.GetTimestamp() - start < JoinSpinTicks);
        return Volatile.Read(ref _unfinished) == 0;
    }

    private sealed class Worker : IDisposable
    {
        private readonly WorkerPool _pool;
        private readonly Thread _thread;
        private readonly SemaphoreSlim _wake = new(0);
        private int _asleep;

        public Worker(WorkerPool pool, int number)
        {
            _pool = pool;
            _thread = new Thread(Loop) { IsBackground = true, Name = "Cortado worker " + number };
        }

        public void Start() => _thread.Start();

        public void Dispose()
        {
            _thread.Join();
            _wake.Dispose();
        }

        public void WakeIfAsleep()
        {
            // Who takes the flag down owes, or takes back, exactly one release.
            if (Volatile.Read(ref _asleep) == 1 && Interlocked.Exchange(ref _asleep, 0) == 1) _wake.Release();
        }

        private bool MustStayAwake => Volatile.Read(ref _pool._unclaimed) > 0 || _pool._stopping;

        private void Loop()
        {
            while (!_pool._stopping)
            {
                if (_pool.TryRunPart() || SpinUntilWork()) continue;
                Interlocked.Exchange(ref _asleep, 1);
                if (MustStayAwake && Interlocked.Exchange(ref _asleep, 0) == 1) continue;
                _wake.Wait();
            }
        }

        private bool SpinUntilWork()
        {
            long start = Stopwatch.GetTimestamp();
            do
            {
                for (int i = 0; i < 16; i++)
                {
                    if (MustStayAwake) return true;
                    Thread.SpinWait(8);
                }
                // Somebody else may want this processor; if nobody does, this returns at once.
                Thread.Yield();
            }
            while (Stopwatch.GetTimestamp() - start < SpinTicks);
            return false;
        }
    }
}
