#if NET
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
#endif
using System.Numerics;
using System.Runtime.InteropServices;

namespace Cortado.Backends.Cpu;

/// <summary>The kernels of one vector width.</summary>
internal sealed class CpuKernels
{
    private CpuKernels(SimdLevel level, GemmKernel gemm, PackKernel pack, GemvKernel gemv, PeakKernel peak)
    {
        Level = level;
        Gemm = gemm;
        Pack = pack;
        Gemv = gemv;
        Peak = peak;
    }

    /// <summary>What the kernels are made of.</summary>
    public SimdLevel Level { get; }

    /// <summary>Whether the runtime is fast at operations of <see cref="Vector{T}"/>. Where it is not, work is done one float after another.</summary>
    public bool HasVectors => Level is not (SimdLevel.Vector4 or SimdLevel.Scalar);

    public GemmKernel Gemm { get; }

    public PackKernel Pack { get; }

    public GemvKernel Gemv { get; }

    public PeakKernel Peak { get; }

    /// <summary>The widest vectors that this machine computes at full speed.</summary>
    public static SimdLevel Best
    {
        get
        {
#if NET
            if (Vector512.IsHardwareAccelerated) return SimdLevel.Vector512;
            if (Vector256.IsHardwareAccelerated && Fma.IsSupported) return SimdLevel.Vector256;
            if (Vector128.IsHardwareAccelerated) return SimdLevel.Vector128;
#endif
            return Vector.IsHardwareAccelerated ? SimdLevel.Portable : WithoutVectors;
        }
    }

    /// <summary>
    /// The best of a runtime that calls a function for every operation of <see cref="Vector{T}"/>: Mono, IL2CPP. Told by the processor and not by
    /// measuring, which could come out otherwise the next time: Mono knows the instructions of x86 only.
    /// </summary>
    private static SimdLevel WithoutVectors =>
        RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86 ? SimdLevel.Vector4 : SimdLevel.Scalar;

    /// <summary>The kernels of a width. A width that the machine lacks still computes the right values, slowly.</summary>
    public static CpuKernels Create(SimdLevel level) => level switch
    {
#if NET
        SimdLevel.Vector512 => Wide<Simd512, Vector512<float>>(level),
        SimdLevel.Vector256 => Narrow<Simd256, Vector256<float>>(level),
        SimdLevel.Vector128 when AdvSimd.IsSupported => Wide<Simd128, Vector128<float>>(level),
        SimdLevel.Vector128 => Narrow<Simd128, Vector128<float>>(level),
#endif
        SimdLevel.Vector4 => Narrow<Vector4Simd, Vector4>(level),
        SimdLevel.Scalar => Narrow<ScalarSimd, float>(level),
        _ => Narrow<PortableSimd, Vector<float>>(SimdLevel.Portable),
    };

    private static CpuKernels Narrow<TSimd, TVector>(SimdLevel level)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        new(level, new GemmKernel6<TSimd, TVector>(), new PackKernel<TSimd, TVector>(), new GemvKernel<TSimd, TVector>(), new PeakKernel<TSimd, TVector>());

#if NET
    private static CpuKernels Wide<TSimd, TVector>(SimdLevel level)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        new(level, new GemmKernel12<TSimd, TVector>(), new PackKernel<TSimd, TVector>(), new GemvKernel<TSimd, TVector>(), new PeakKernel<TSimd, TVector>());
#endif
}
