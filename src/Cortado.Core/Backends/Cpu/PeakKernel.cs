using System.Runtime.CompilerServices;

namespace Cortado.Backends.Cpu;

/// <summary>Multiply-adds on registers and nothing else.</summary>
internal abstract class PeakKernel
{
    /// <summary>Floating-point operations of one repeat; a multiply-add counts as two.</summary>
    public abstract int FlopsPerRepeat { get; }

    /// <summary>Does so many repeats; the value only keeps them from being optimised away.</summary>
    public abstract float Run(int repeats);
}

/// <inheritdoc/>
internal sealed unsafe class PeakKernel<TSimd, TVector> : PeakKernel
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    // Twelve chains cover a latency of four to six cycles on two units, in sixteen registers.
    private const int Chains = 12;

    public override int FlopsPerRepeat => Chains * 2 * default(TSimd).Width;

    [MethodImpl(KernelCode.Optimized)]
    public override float Run(int repeats)
    {
        TSimd simd = default;
        float factor = 0.999f, addend = 0.001f;
        TVector f = simd.Broadcast(&factor), a = simd.Broadcast(&addend);
        TVector c0 = f, c1 = f, c2 = f, c3 = f, c4 = f, c5 = f, c6 = f, c7 = f, c8 = f, c9 = f, ca = f, cb = f;
        for (int i = 0; i < repeats; i++)
        {
            c0 = simd.MultiplyAdd(c0, f, a); c1 = simd.MultiplyAdd(c1, f, a); c2 = simd.MultiplyAdd(c2, f, a); c3 = simd.MultiplyAdd(c3, f, a);
            c4 = simd.MultiplyAdd(c4, f, a); c5 = simd.MultiplyAdd(c5, f, a); c6 = simd.MultiplyAdd(c6, f, a); c7 = simd.MultiplyAdd(c7, f, a);
            c8 = simd.MultiplyAdd(c8, f, a); c9 = simd.MultiplyAdd(c9, f, a); ca = simd.MultiplyAdd(ca, f, a); cb = simd.MultiplyAdd(cb, f, a);
        }
        TVector sum = simd.Add(simd.Add(simd.Add(c0, c1), simd.Add(c2, c3)), simd.Add(simd.Add(c4, c5), simd.Add(c6, c7)));
        return simd.Sum(simd.Add(sum, simd.Add(simd.Add(c8, c9), simd.Add(ca, cb))));
    }
}
