using Cortado.Backends.Contracts;

namespace Cortado.Backends.Cpu;

/// <summary>Picks the fastest power for LRN's beta.</summary>
internal static class CpuLrn
{
    public static ILrn Create(CpuBackend backend, LrnAcrossChannelsSpec spec) => spec.Beta == 0.75f
        ? new CpuLrnAcrossChannels<NegativeThreeQuarters>(backend, spec, default)
        : new CpuLrnAcrossChannels<NegativePower>(backend, spec, new NegativePower(spec.Beta));

    public static ILrn Create(CpuBackend backend, LrnWithinChannelSpec spec) => spec.Beta == 0.75f
        ? new CpuLrnWithinChannel<NegativeThreeQuarters>(backend, spec, default)
        : new CpuLrnWithinChannel<NegativePower>(backend, spec, new NegativePower(spec.Beta));
}
