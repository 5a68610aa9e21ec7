using Cortado.Backends.Cpu;

namespace Cortado.Tests.Backends;

/// <summary>The thread pool: every part once, whatever the threads do meanwhile.</summary>
public class WorkerPoolTests
{
    private sealed class Counting : IParallelWork
    {
        public readonly int[] Calls = new int[1000];
        public Action<int>? Also;

        public void Run(int index)
        {
            Interlocked.Increment(ref Calls[index]);
            Also?.Invoke(index);
        }
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(8)]
    public void RunsEveryPartOnce(int threads)
    {
        using var pool = new WorkerPool(threads);
        var work = new Counting();
        int[] expected = new int[work.Calls.Length];
        for (int round = 0; round < 2000; round++)
        {
            int parts = round * 7 % 40;
            pool.Run(work, parts);
            for (int i = 0; i < parts; i++) expected[i]++;
            // Now and then long enough for the workers to fall asleep, on either side of the moment when they do.
            if (round % 100 == 0) Thread.Sleep(1);
            if (round % 50 == 1) Thread.SpinWait(round * 3);
            Assert.Equal(expected, work.Calls);
        }
    }

    [Fact]
    public void WakesSleepersAgainAndAgain()
    {
        using var pool = new WorkerPool(4);
        var work = new Counting();
        for (int round = 0; round < 100; round++)
        {
            Thread.Sleep(round % 3);
            pool.Run(work, 8);
        }
        Assert.All(work.Calls[..8], calls => Assert.Equal(100, calls));
    }

    [Fact]
    public void AFailureReachesTheCallerAsItWasAndThePoolGoesOn()
    {
        using var pool = new WorkerPool(3);
        var failing = new Counting { Also = index => { if (index == 5) throw new CortadoException("part five"); } };
        for (int round = 0; round < 50; round++)
        {
            CortadoException failure = Assert.Throws<CortadoException>(() => pool.Run(failing, 20));
            Assert.Equal("part five", failure.Message);
            var work = new Counting();
            pool.Run(work, 100);
            Assert.All(work.Calls[..100], calls => Assert.Equal(1, calls));
        }
    }

    [Fact]
    public void WorkStartedByAPartRunsToo()
    {
        using var pool = new WorkerPool(3);
        var inner = new Counting();
        pool.Run(new Counting { Also = _ => pool.Run(inner, 10) }, 6);
        Assert.All(inner.Calls[..10], calls => Assert.Equal(6, calls));
    }

    [Fact]
    public void PoolsWorkSideBySide()
    {
        var threads = new List<Thread>();
        int failures = 0;
        for (int t = 0; t < 6; t++)
        {
            var thread = new Thread(() =>
            {
                using var pool = new WorkerPool(3);
                var work = new Counting();
                for (int round = 0; round < 500; round++) pool.Run(work, 30);
                if (work.Calls.Take(30).Any(calls => calls != 500)) Interlocked.Increment(ref failures);
            });
            thread.Start();
            threads.Add(thread);
        }
        threads.ForEach(thread => thread.Join());
        Assert.Equal(0, failures);
    }

    [Fact]
    public void DisposeEndsItsThreads()
    {
        for (int round = 0; round < 50; round++)
        {
            var pool = new WorkerPool(4);
            if (round % 2 == 0) pool.Run(new Counting(), 10);
            pool.Dispose();
            pool.Dispose();
        }
    }
}
