using Cortado.Backends.Contracts;

namespace Cortado.Backends.Cpu;

/// <summary>The catalog of the managed backend: one line an operator.</summary>
internal static class CpuOperators
{
    public static OperatorCatalog<CpuBackend> Create() => new OperatorCatalog<CpuBackend>()
        .Add<AbsoluteSpec, IActivation>((backend, spec) => new CpuActivation<AbsoluteFunction>(backend, spec.Count, default))
        .Add<AccuracySpec, IAccuracy>((_, spec) => new CpuAccuracy(spec))
        .Add<AdaDeltaUpdateSpec, IAdaDeltaUpdate>((backend, spec) => new CpuAdaDeltaUpdate(backend, spec))
        .Add<AdaGradUpdateSpec, IAdaGradUpdate>((backend, spec) => new CpuAdaGradUpdate(backend, spec))
        .Add<AdamUpdateSpec, IAdamUpdate>((backend, spec) => new CpuAdamUpdate(backend, spec))
        .Add<ArgMaxSpec, IArgMax>((_, spec) => new CpuArgMax(spec))
        .Add<AveragePoolingSpec, IAveragePooling>((backend, spec) => new CpuAveragePooling(backend, spec))
        .Add<BatchNormSpec, IBatchNorm>((backend, spec) => new CpuBatchNorm(backend, spec))
        .Add<BnllSpec, IActivation>((backend, spec) => new CpuActivation<Lanewise<BnllFunction>>(backend, spec.Count, default))
        .Add<ChannelAffineSpec, IChannelAffine>((backend, spec) => new CpuChannelAffine(backend, spec))
        .Add<ClipSpec, IActivation>((backend, spec) => new CpuActivation<ClipFunction>(backend, spec.Count, new ClipFunction(spec.Min, spec.Max)))
        .Add<ContrastiveLossSpec, IContrastiveLoss>((_, spec) => new CpuContrastiveLoss(spec))
        .Add<ConvolutionSpec, IConvolution>((backend, spec) => new CpuConvolution(backend, spec))
        .Add<DropoutSpec, IDropout>((backend, spec) => new CpuDropout(backend, spec))
        .Add<ElementwiseMaxSpec, IElementwiseMax>((backend, spec) => new CpuElementwiseMax(backend, spec))
        .Add<ElementwiseProductSpec, IElementwiseProduct>((backend, spec) => new CpuElementwiseProduct(backend, spec))
        .Add<EluSpec, IActivation>((backend, spec) => Smooth(backend, spec.Count, new EluFunction(spec.Alpha)))
        .Add<EmbedSpec, IEmbed>((_, spec) => new CpuEmbed(spec))
        .Add<EuclideanLossSpec, IEuclideanLoss>((backend, spec) => new CpuEuclideanLoss(backend, spec))
        .Add<ExponentialSpec, IActivation>((backend, spec) => Smooth(backend, spec.Count, new ExponentialFunction(spec.InnerScale, spec.OuterScale)))
        .Add<HingeLossSpec, ILabelLoss>((_, spec) => new CpuHingeLoss(spec))
        .Add<IdentitySpec, IActivation>((backend, spec) => new CpuActivation<IdentityFunction>(backend, spec.Count, default))
        .Add<InfogainLossSpec, IInfogainLoss>((backend, spec) => new CpuInfogainLoss(backend, spec))
        .Add<InnerProductSpec, IInnerProduct>((backend, spec) => new CpuInnerProduct(backend, spec))
        .Add<LogarithmSpec, IActivation>((backend, spec) => new CpuActivation<Lanewise<LogarithmFunction>>(backend, spec.Count, new(new LogarithmFunction(spec.Scale, spec.Shift, spec.OuterScale))))
        .Add<LrnAcrossChannelsSpec, ILrn>((backend, spec) => CpuLrn.Create(backend, spec))
        .Add<LrnWithinChannelSpec, ILrn>((backend, spec) => CpuLrn.Create(backend, spec))
        .Add<MaxPoolingSpec, IMaxPooling>((backend, spec) => new CpuMaxPooling(backend, spec))
        .Add<MeanVarianceSpec, IMeanVariance>((backend, spec) => new CpuMeanVariance(backend, spec))
        .Add<MultinomialLogisticLossSpec, ILabelLoss>((_, spec) => new CpuMultinomialLogisticLoss(spec))
        .Add<NesterovUpdateSpec, INesterovUpdate>((backend, spec) => new CpuNesterovUpdate(backend, spec))
        .Add<PReluSpec, IPRelu>((backend, spec) => new CpuPRelu(backend, spec))
        .Add<PowerSpec, IActivation>(CpuPower.Create)
        .Add<ReductionSpec, IReduction>((backend, spec) => new CpuReduction(backend, spec))
        .Add<ReluSpec, IActivation>((backend, spec) => new CpuActivation<ReluFunction>(backend, spec.Count, new ReluFunction(spec.NegativeSlope)))
        .Add<RmsPropUpdateSpec, IRmsPropUpdate>((backend, spec) => new CpuRmsPropUpdate(backend, spec))
        .Add<SgdUpdateSpec, ISgdUpdate>((backend, spec) => new CpuSgdUpdate(backend, spec))
        .Add<SigmoidCrossEntropyLossSpec, ILabelLoss>((backend, spec) => new CpuSigmoidCrossEntropyLoss(backend, spec))
        .Add<SigmoidSpec, IActivation>((backend, spec) => Smooth(backend, spec.Count, default(SigmoidFunction)))
        .Add<SoftmaxLossSpec, ISoftmaxLoss>((backend, spec) => new CpuSoftmaxLoss(backend, spec))
        .Add<SoftmaxSpec, ISoftmax>((backend, spec) => new CpuSoftmax(backend, spec))
        .Add<SwishSpec, IActivation>((backend, spec) => Smooth(backend, spec.Count, new SwishFunction(spec.Beta)))
        .Add<TanhSpec, IActivation>((backend, spec) => Smooth(backend, spec.Count, default(TanhFunction)))
        .Add<ThresholdSpec, IActivation>((backend, spec) => new CpuActivation<ThresholdFunction>(backend, spec.Count, new ThresholdFunction(spec.Threshold)))
        .Add<TileSpec, ITile>((backend, spec) => new CpuTile(backend, spec))
        .Add<GlobalNormSpec, IGlobalNorm>((backend, spec) => new CpuGlobalNorm(backend, spec))
        .Add<VectorNormSpec, IVectorNorm>((backend, spec) => new CpuVectorNorm(backend, spec))
        .Add<WeightedSumSpec, IWeightedSum>((backend, spec) => new CpuWeightedSum(backend, spec))
        .Add<WindowSpec, IWindow>((backend, spec) => new CpuWindow(backend, spec));

    private static IActivation Smooth<TFunction>(CpuBackend backend, int count, TFunction function) where TFunction : struct, IVectorFunction =>
        backend.Kernels.HasVectors
            ? new CpuActivation<Vectorwise<TFunction>>(backend, count, new(function))
            : new CpuActivation<Lanewise<TFunction>>(backend, count, new(function));
}
