using Cortado.Backends.Contracts;

namespace Cortado.Backends.Cpu;

/// <summary>The catalog of the managed backend: one line an operator.</summary>
internal static class CpuOperators
{
    public static OperatorCatalog<CpuBackend> Create() => new OperatorCatalog<CpuBackend>()
        .Add<AccuracySpec, IAccuracy>((_, spec) => new CpuAccuracy(spec))
        .Add<AveragePoolingSpec, IAveragePooling>((backend, spec) => new CpuAveragePooling(backend, spec))
        .Add<LrnAcrossChannelsSpec, ILrn>((backend, spec) => CpuLrn.Create(backend, spec))
        .Add<LrnWithinChannelSpec, ILrn>((backend, spec) => CpuLrn.Create(backend, spec))
        .Add<MaxPoolingSpec, IMaxPooling>((backend, spec) => new CpuMaxPooling(backend, spec))
        .Add<ReluSpec, IActivation>((backend, spec) => new CpuActivation<ReluFunction>(backend, spec.Count, new ReluFunction(spec.NegativeSlope)))
        .Add<SoftmaxLossSpec, ISoftmaxLoss>((backend, spec) => new CpuSoftmaxLoss(backend, spec))
        .Add<SoftmaxSpec, ISoftmax>((backend, spec) => new CpuSoftmax(backend, spec))
        .Add<VectorNormSpec, IVectorNorm>((backend, spec) => new CpuVectorNorm(backend, spec))
        .Add<WeightedSumSpec, IWeightedSum>((backend, spec) => new CpuWeightedSum(backend, spec));
}
