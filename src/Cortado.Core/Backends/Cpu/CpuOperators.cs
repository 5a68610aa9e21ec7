using Cortado.Backends.Contracts;

namespace Cortado.Backends.Cpu;

/// <summary>The catalog of the managed backend: one line an operator.</summary>
internal static class CpuOperators
{
    public static OperatorCatalog<CpuBackend> Create() => new OperatorCatalog<CpuBackend>()
        .Add<AccuracySpec, IAccuracy>((_, spec) => new CpuAccuracy(spec))
        .Add<AdaDeltaUpdateSpec, IAdaDeltaUpdate>((backend, spec) => new CpuAdaDeltaUpdate(backend, spec))
        .Add<AdaGradUpdateSpec, IAdaGradUpdate>((backend, spec) => new CpuAdaGradUpdate(backend, spec))
        .Add<AdamUpdateSpec, IAdamUpdate>((backend, spec) => new CpuAdamUpdate(backend, spec))
        .Add<ArgMaxSpec, IArgMax>((_, spec) => new CpuArgMax(spec))
        .Add<AveragePoolingSpec, IAveragePooling>((backend, spec) => new CpuAveragePooling(backend, spec))
        .Add<BatchNormSpec, IBatchNorm>((backend, spec) => new CpuBatchNorm(backend, spec))
        .Add<ChannelAffineSpec, IChannelAffine>((backend, spec) => new CpuChannelAffine(backend, spec))
        .Add<ContrastiveLossSpec, IContrastiveLoss>((_, spec) => new CpuContrastiveLoss(spec))
        .Add<ConvolutionSpec, IConvolution>((backend, spec) => new CpuConvolution(backend, spec))
        .Add<ElementwiseMaxSpec, IElementwiseMax>((backend, spec) => new CpuElementwiseMax(backend, spec))
        .Add<ElementwiseProductSpec, IElementwiseProduct>((backend, spec) => new CpuElementwiseProduct(backend, spec))
        .Add<EmbedSpec, IEmbed>((_, spec) => new CpuEmbed(spec))
        .Add<EuclideanLossSpec, IEuclideanLoss>((backend, spec) => new CpuEuclideanLoss(backend, spec))
        .Add<HingeLossSpec, ILabelLoss>((_, spec) => new CpuHingeLoss(spec))
        .Add<InfogainLossSpec, IInfogainLoss>((backend, spec) => new CpuInfogainLoss(backend, spec))
        .Add<InnerProductSpec, IInnerProduct>((backend, spec) => new CpuInnerProduct(backend, spec))
        .Add<LrnAcrossChannelsSpec, ILrn>((backend, spec) => CpuLrn.Create(backend, spec))
        .Add<LrnWithinChannelSpec, ILrn>((backend, spec) => CpuLrn.Create(backend, spec))
        .Add<MaxPoolingSpec, IMaxPooling>((backend, spec) => new CpuMaxPooling(backend, spec))
        .Add<MeanVarianceSpec, IMeanVariance>((backend, spec) => new CpuMeanVariance(backend, spec))
        .Add<MultinomialLogisticLossSpec, ILabelLoss>((_, spec) => new CpuMultinomialLogisticLoss(spec))
        .Add<NesterovUpdateSpec, INesterovUpdate>((backend, spec) => new CpuNesterovUpdate(backend, spec))
        .Add<ReductionSpec, IReduction>((backend, spec) => new CpuReduction(backend, spec))
        .Add<ReluSpec, IActivation>((backend, spec) => new CpuActivation<ReluFunction>(backend, spec.Count, new ReluFunction(spec.NegativeSlope)))
        .Add<RmsPropUpdateSpec, IRmsPropUpdate>((backend, spec) => new CpuRmsPropUpdate(backend, spec))
        .Add<SgdUpdateSpec, ISgdUpdate>((backend, spec) => new CpuSgdUpdate(backend, spec))
        .Add<SigmoidCrossEntropyLossSpec, ILabelLoss>((backend, spec) => new CpuSigmoidCrossEntropyLoss(backend, spec))
        .Add<SoftmaxLossSpec, ISoftmaxLoss>((backend, spec) => new CpuSoftmaxLoss(backend, spec))
        .Add<SoftmaxSpec, ISoftmax>((backend, spec) => new CpuSoftmax(backend, spec))
        .Add<TileSpec, ITile>((backend, spec) => new CpuTile(backend, spec))
        .Add<VectorNormSpec, IVectorNorm>((backend, spec) => new CpuVectorNorm(backend, spec))
        .Add<WeightedSumSpec, IWeightedSum>((backend, spec) => new CpuWeightedSum(backend, spec))
        .Add<WindowSpec, IWindow>((backend, spec) => new CpuWindow(backend, spec));
}
