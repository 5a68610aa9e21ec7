namespace Cortado.Backends.Cpu;

/// <summary>
/// Work cut into many tasks that need room to work in: each of the pool's threads takes a lane, which has its own room in the
/// <see cref="Workspace"/>, and then one task after another until none is left.
/// </summary>
internal abstract class LaneTasks : IParallelWork
{
    // What one thread does in some five microseconds; waking and awaiting others takes about as long, and far longer on a busy machine.
    private const double SmallProducts = 500_000;

    private int _next, _count, _phase;
    private bool _alone;

    /// <summary>Says how many multiply-adds a run takes: with few of them the calling thread works alone.</summary>
    protected void SetWork(double multiplyAdds) => _alone = multiplyAdds < SmallProducts;

    /// <summary>Does tasks 0..count-1 of a phase, on all threads, and returns when they are done.</summary>
    protected void RunTasks(WorkerPool workers, int phase, int count)
    {
        _phase = phase;
        _count = count;
        _next = 0;
        workers.Run(this, _alone ? Math.Min(1, count) : Math.Min(workers.Count, count));
    }

    /// <summary>Does one task. Each writes only what no other task of its phase touches.</summary>
    /// <param name="phase">Which phase.</param>
    /// <param name="task">Which task of it.</param>
    /// <param name="lane">Whose room to use; below the pool's count of threads.</param>
    protected abstract void RunTask(int phase, int task, int lane);

    void IParallelWork.Run(int index)
    {
        int task;
        while ((task = Interlocked.Increment(ref _next) - 1) < _count) RunTask(_phase, task, index);
    }
}
