using System.Runtime.CompilerServices;
#if NET
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
#endif
using Cortado.Tensors;

namespace Cortado.Backends.Cpu;

/// <summary>Runs of numbers of a <see cref="CounterRandom"/>, several blocks at a time where the processor can.</summary>
internal static unsafe class PhiloxNumbers
{
    /// <summary>Writes the four numbers of each of the blocks [block, block + blocks).</summary>
    [MethodImpl(KernelCode.Optimized)]
    public static void Write(in CounterRandom random, ulong block, uint* numbers, int blocks)
    {
        int done = 0;
#if NET
        if (Avx2.IsSupported)
            for (; done <= blocks - 4; done += 4) WriteFour(random, block + (uint)done, numbers + 4 * done);
#endif
        for (; done < blocks; done++)
        {
            uint* four = numbers + 4 * done;
            (four[0], four[1], four[2], four[3]) = random.Block(block + (uint)done);
        }
    }

#if NET
    /// <summary>
    /// Four blocks side by side. Each of Philox's 32-bit words has a lane of 64 bits, for the product with its multiplier; what
    /// gathers in the upper halves is never looked at.
    /// </summary>
    [MethodImpl(KernelCode.Optimized)]
    private static void WriteFour(in CounterRandom random, ulong block, uint* numbers)
    {
        Vector256<ulong> counter = Vector256.Create(block) + Vector256.Create(0UL, 1, 2, 3);
        Vector256<ulong> c0 = counter, c1 = counter >>> 32;
        Vector256<ulong> c2 = Vector256.Create(random.Stream), c3 = Vector256.Create(random.Stream >> 32);
        uint k0 = (uint)random.Seed, k1 = (uint)(random.Seed >> 32);
        for (int round = 0; round < CounterRandom.Rounds; round++)
        {
            Vector256<ulong> p0 = Avx2.Multiply(c0.AsUInt32(), Vector256.Create(CounterRandom.M0));
            Vector256<ulong> p1 = Avx2.Multiply(c2.AsUInt32(), Vector256.Create(CounterRandom.M1));
            c0 = (p1 >>> 32) ^ c1 ^ Vector256.Create((ulong)k0);
            c1 = p1;
            c2 = (p0 >>> 32) ^ c3 ^ Vector256.Create((ulong)k1);
            c3 = p0;
            k0 = unchecked(k0 + CounterRandom.W0);
            k1 = unchecked(k1 + CounterRandom.W1);
        }
        Vector256<ulong> lower = Vector256.Create(0xFFFFFFFFUL);
        Vector256<ulong> xy = (c0 & lower) | (c1 << 32), zw = (c2 & lower) | (c3 << 32);
        Vector256<uint> even = Avx2.UnpackLow(xy, zw).AsUInt32(), odd = Avx2.UnpackHigh(xy, zw).AsUInt32();
        even.GetLower().Store(numbers);
        odd.GetLower().Store(numbers + 4);
        even.GetUpper().Store(numbers + 8);
        odd.GetUpper().Store(numbers + 12);
    }
#endif
}
