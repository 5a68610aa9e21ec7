using System.Numerics;
using Cortado.Backends.Contracts;

namespace Cortado.Backends.Cpu;

/// <summary>Picks the fastest power for LRN's beta.</summary>
internal static class CpuLrn
{
    public static ILrn Create(CpuBackend backend, LrnAcrossChannelsSpec spec) => backend.Kernels.Level switch
    {
        SimdLevel.Vector4 => Create<Vector4Simd, Vector4>(backend, spec),
        SimdLevel.Scalar => Create<ScalarSimd, float>(backend, spec),
        _ => Create<PortableSimd, Vector<float>>(backend, spec),
    };

    public static ILrn Create(CpuBackend backend, LrnWithinChannelSpec spec) => backend.Kernels.Level switch
    {
        SimdLevel.Vector4 => Create<Vector4Simd, Vector4>(backend, spec),
        SimdLevel.Scalar => Create<ScalarSimd, float>(backend, spec),
        _ => Create<PortableSimd, Vector<float>>(backend, spec),
    };

    private static ILrn Create<TSimd, TVector>(CpuBackend backend, LrnAcrossChannelsSpec spec)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => spec.Beta == 0.75f
            ? new CpuLrnAcrossChannels<NegativeThreeQuarters, TSimd, TVector>(backend, spec, default)
            : new CpuLrnAcrossChannels<NegativePower, TSimd, TVector>(backend, spec, new NegativePower(spec.Beta));

    private static ILrn Create<TSimd, TVector>(CpuBackend backend, LrnWithinChannelSpec spec)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => spec.Beta == 0.75f
            ? new CpuLrnWithinChannel<NegativeThreeQuarters, TSimd, TVector>(backend, spec, default)
            : new CpuLrnWithinChannel<NegativePower, TSimd, TVector>(backend, spec, new NegativePower(spec.Beta));
}
