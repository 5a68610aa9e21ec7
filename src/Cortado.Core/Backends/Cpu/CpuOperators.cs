using Cortado.Backends.Contracts;

namespace Cortado.Backends.Cpu;

/// <summary>The catalog of the managed backend: one line an operator.</summary>
internal static class CpuOperators
{
    public static OperatorCatalog<CpuBackend> Create() => new OperatorCatalog<CpuBackend>()
        .Add<ReluSpec, IActivation>((backend, spec) => new CpuActivation<ReluFunction>(backend, spec.Count, new ReluFunction(spec.NegativeSlope)));
}
