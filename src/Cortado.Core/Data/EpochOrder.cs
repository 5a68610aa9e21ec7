using Cortado.Tensors;

namespace Cortado.Data;

/// <summary>
/// The order in which a list is read, epoch after epoch: as it stands, or shuffled anew for each epoch. A shuffle is a Feistel
/// permutation with the generator as its round function, walked until it falls inside the list, so the place of any record is
/// known without going through those before it.
/// </summary>
internal sealed class EpochOrder
{
    private const int Rounds = 8;

    private readonly int _count;
    private readonly bool _shuffle;
    private readonly long _skip;
    private readonly CounterRandom _random;
    private readonly int _halfBits;

    public EpochOrder(int count, bool shuffle, long skip, CounterRandom random)
    {
        _count = count;
        _shuffle = shuffle;
        _skip = skip;
        _random = random;
        _halfBits = 1;
        while (1L << (2 * _halfBits) < count) _halfBits++;
    }

    /// <summary>The index in the list of the record with a running number.</summary>
    public int IndexOf(long record)
    {
        long place = record + _skip;
        int index = (int)(place % _count);
        if (!_shuffle) return index;
        ulong epoch = (ulong)(place / _count);
        long walked = index;
        do walked = Permute((uint)walked, epoch);
        while (walked >= _count);
        return (int)walked;
    }

    private uint Permute(uint index, ulong epoch)
    {
        uint mask = (1u << _halfBits) - 1, left = index >> _halfBits, right = index & mask;
        for (uint round = 0; round < Rounds; round++)
        {
            uint mixed = _random.Block((epoch << 20) | (round << 16) | right).X & mask;
            (left, right) = (right, left ^ mixed);
        }

        return (left << _halfBits) | right;
    }
}
