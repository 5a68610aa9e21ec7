namespace Cortado.Backends.Cpu;

/// <summary>
/// Work cut into many tasks that need room to work in: each of the pool's threads takes a lane, which has its own room in the
/// <see cref="Workspace"/>, and then one task after another until none is left. A lane begins with its own share of neighbouring
/// tasks and helps the others afterwards: the next time, the same thread finds what it read still in its caches.
/// </summary>
internal abstract class LaneTasks : IParallelWork
{
    // What one thread does in some five microseconds; waking and awaiting others takes about as long, and far longer on a busy machine.
    private const double SmallProducts = 500_000;

    // Counters a cache line apart, so that threads do not take it from one another.
    private const int CounterPitch = 32;

    private int[] _next = Array.Empty<int>();
    private int _count, _lanes, _phase;
    private bool _alone;

    /// <summary>Says how many multiply-adds a run takes: with few of them the calling thread works alone.</summary>
    protected void SetWork(double multiplyAdds) => _alone = multiplyAdds < SmallProducts;

    /// <summary>Does tasks 0..count-1 of a phase, on all threads, and returns when they are done.</summary>
    protected void RunTasks(WorkerPool workers, int phase, int count)
    {
        _phase = phase;
        _count = count;
        _lanes = _alone ? Math.Min(1, count) : Math.Min(workers.Count, count);
        if (_next.Length < (workers.Count + 2) * CounterPitch) _next = new int[(workers.Count + 2) * CounterPitch];
        for (int lane = 0; lane < _lanes; lane++) Next(lane) = Begin(lane);
        workers.Run(this, _lanes);
    }

    /// <summary>Does one task. Each writes only what no other task of its phase touches.</summary>
    /// <param name="phase">Which phase.</param>
    /// <param name="task">Which task of it.</param>
    /// <param name="lane">Whose room to use; below the pool's count of threads.</param>
    protected abstract void RunTask(int phase, int task, int lane);

    void IParallelWork.Run(int index)
    {
        for (int i = 0; i < _lanes; i++)
        {
            int share = (index + i) % _lanes, end = Begin(share + 1), task;
            while ((task = Interlocked.Increment(ref Next(share)) - 1) < end) RunTask(_phase, task, index);
        }
    }

    private int Begin(int share) => (int)((long)share * _count / _lanes);

    private ref int Next(int share) => ref _next[(share + 1) * CounterPitch];
}
