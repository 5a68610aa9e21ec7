namespace Cortado.Tests;

/// <summary>Measures the managed memory that a step allocates.</summary>
public static class Allocated
{
    /// <summary>
    /// The bytes of the quietest of some rounds, on the calling thread. The runtime itself allocates now and then, while it compiles better
    /// code; what the step allocates shows in every round.
    /// </summary>
    public static long InQuietestRound(Action step, int rounds = 8)
    {
        long least = long.MaxValue;
        for (int i = 0; i < rounds; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            step();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
