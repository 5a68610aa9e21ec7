using System.Diagnostics;

namespace Cortado.Inference;

/// <summary>
/// So much computing for each frame of a game, on average: each frame grants its share, work spends what it took. A piece of work that takes longer than
/// what is left leaves a debt, which the following frames pay back before more is done; what a frame does not use is not saved up.
/// </summary>
/// <remarks>One thread grants, another spends. Nobody waits for a lock.</remarks>
public sealed class FrameBudget
{
    private long _credit, _share;
    private int _unlimited = 1;

    /// <summary>Whether there is no limit: before the first grant, and after one of 0.</summary>
    public bool IsUnlimited => Volatile.Read(ref _unlimited) != 0;

    /// <summary>Whether something is left to spend.</summary>
    public bool IsOpen => IsUnlimited || Interlocked.Read(ref _credit) > 0;

    /// <summary>What is left to spend; <see cref="TimeSpan.MaxValue"/> without a limit, zero while a debt is paid back.</summary>
    public TimeSpan Left => IsUnlimited
        ? TimeSpan.MaxValue
        : TimeSpan.FromTicks((long)Math.Ceiling(Math.Max(0, Interlocked.Read(ref _credit)) * ((double)TimeSpan.TicksPerSecond / Stopwatch.Frequency)));

    /// <summary>A frame begins.</summary>
    /// <param name="milliseconds">Its share; 0 or less for no limit.</param>
    public void Grant(double milliseconds)
    {
        bool unlimited = milliseconds <= 0 || double.IsNaN(milliseconds);
        Volatile.Write(ref _unlimited, unlimited ? 1 : 0);
        if (unlimited)
        {
            Interlocked.Exchange(ref _credit, 0);
            return;
        }
        _share = (long)Math.Min(milliseconds * (Stopwatch.Frequency / 1000.0), long.MaxValue / 4);
        long before, after;
        do
        {
            before = Interlocked.Read(ref _credit);
            after = Math.Min(before + _share, _share);
        }
        while (Interlocked.CompareExchange(ref _credit, after, before) != before);
    }

    /// <summary>Work was done.</summary>
    /// <param name="ticks">How long it took, in ticks of <see cref="Stopwatch"/>.</param>
    public void Spend(long ticks)
    {
        if (!IsUnlimited) Interlocked.Add(ref _credit, -ticks);
    }
}
