namespace Cortado.Tensors;

/// <summary>
/// A counter-based random generator: the number at position n of a stream is a pure function of (seed, stream, n), so any
/// thread or device can draw any number in any order and a checkpoint stores nothing but a counter.
/// Philox4x32-10 of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011).
/// </summary>
public readonly struct CounterRandom
{
    internal const uint M0 = 0xD2511F53, M1 = 0xCD9E8D57, W0 = 0x9E3779B9, W1 = 0xBB67AE85;
    internal const int Rounds = 10;

    /// <summary>Creates the generator of one stream of a seed.</summary>
    public CounterRandom(ulong seed, ulong stream)
    {
        Seed = seed;
        Stream = stream;
    }

    /// <summary>The seed: Philox's key.</summary>
    public ulong Seed { get; }

    /// <summary>The stream: the upper half of Philox's counter.</summary>
    public ulong Stream { get; }

    /// <summary>A stream named by text: the same name gives the same stream on every machine (FNV-1a, 64 bit).</summary>
    public static CounterRandom Named(ulong seed, string name)
    {
        ulong hash = 14695981039346656037;
        foreach (char c in name) hash = unchecked((hash ^ c) * 1099511628211);
        return new CounterRandom(seed, hash);
    }

    /// <summary>The four 32-bit numbers of block <paramref name="block"/>.</summary>
    public (uint X, uint Y, uint Z, uint W) Block(ulong block)
    {
        unchecked
        {
            uint c0 = (uint)block, c1 = (uint)(block >> 32), c2 = (uint)Stream, c3 = (uint)(Stream >> 32);
            uint k0 = (uint)Seed, k1 = (uint)(Seed >> 32);
            for (int round = 0; round < Rounds; round++)
            {
                ulong p0 = (ulong)M0 * c0, p1 = (ulong)M1 * c2;
                c0 = (uint)(p1 >> 32) ^ c1 ^ k0;
                c1 = (uint)p1;
                c2 = (uint)(p0 >> 32) ^ c3 ^ k1;
                c3 = (uint)p0;
                k0 += W0;
                k1 += W1;
            }
            return (c0, c1, c2, c3);
        }
    }

    /// <summary>Number <paramref name="counter"/> of the stream: 32 random bits.</summary>
    public uint UInt32(ulong counter)
    {
        (uint x, uint y, uint z, uint w) = Block(counter >> 2);
        return (counter & 3) switch { 0 => x, 1 => y, 2 => z, _ => w };
    }

    /// <summary>Number <paramref name="counter"/> of the stream as a float in [0, 1), 24 random bits.</summary>
    public float Uniform(ulong counter) => (UInt32(counter) >> 8) * (1f / 16777216f);

    /// <summary>Number <paramref name="counter"/> as an integer in [0, range), free of the bias of a remainder to within 2^-32.</summary>
    public int Below(ulong counter, int range) => (int)(((ulong)UInt32(counter) * (ulong)range) >> 32);
}
