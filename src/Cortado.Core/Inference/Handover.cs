namespace Cortado.Inference;

/// <summary>
/// Hands the newest of something from one thread to another; what the other has not taken by then is replaced. Three of them go round, so neither side ever waits
/// and nothing is allocated.
/// </summary>
internal sealed class Handover<T> where T : class
{
    private readonly Func<T, bool> _isFull;
    private T _shared;

    public Handover(T[] three, Func<T, bool> isFull)
    {
        _isFull = isFull;
        (Giving, _shared, Taken) = (three[0], three[1], three[2]);
    }

    /// <summary>What the giver may fill.</summary>
    public T Giving { get; private set; }

    /// <summary>What the taker took last.</summary>
    public T Taken { get; private set; }

    /// <summary>Whether something waits to be taken.</summary>
    public bool HasWaiting => _isFull(Volatile.Read(ref _shared));

    /// <summary>Gives what was filled.</summary>
    public void Give() => Giving = Interlocked.Exchange(ref _shared, Giving);

    /// <summary>Takes the newest, after the taker has marked what it took before as empty.</summary>
    /// <returns>False where nothing waits.</returns>
    public bool Take()
    {
        if (!HasWaiting) return false;
        Taken = Interlocked.Exchange(ref _shared, Taken);
        return true;
    }
}
