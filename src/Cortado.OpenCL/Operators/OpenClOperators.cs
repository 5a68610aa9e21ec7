using Cortado.Backends;
using Cortado.Backends.Contracts;

namespace Cortado.OpenCL.Operators;

/// <summary>The catalog of the OpenCL backend: one line an operator. What is not here falls back to the managed backend.</summary>
internal static class OpenClOperators
{
    public static OperatorCatalog<OpenClBackend> Create() => new OperatorCatalog<OpenClBackend>()
        .Add<AbsoluteSpec, IActivation>((backend, spec) => new OpenClActivation(backend, spec.Count, "ABSOLUTE"))
        .Add<BnllSpec, IActivation>((backend, spec) => new OpenClActivation(backend, spec.Count, "BNLL"))
        .Add<ClipSpec, IActivation>((backend, spec) => new OpenClActivation(backend, spec.Count, "CLIP", spec.Min, spec.Max))
        .Add<EluSpec, IActivation>((backend, spec) => new OpenClActivation(backend, spec.Count, "ELU", spec.Alpha))
        .Add<ExponentialSpec, IActivation>((backend, spec) => new OpenClActivation(backend, spec.Count, "EXPONENTIAL", spec.InnerScale, spec.OuterScale))
        .Add<IdentitySpec, IActivation>((backend, spec) => new OpenClActivation(backend, spec.Count, "IDENTITY"))
        .Add<LogarithmSpec, IActivation>((backend, spec) => new OpenClActivation(backend, spec.Count, "LOGARITHM", spec.Scale, spec.Shift, spec.OuterScale))
        .Add<PowerSpec, IActivation>(OpenClActivation.Power)
        .Add<ReluSpec, IActivation>((backend, spec) => new OpenClActivation(backend, spec.Count, "RELU", spec.NegativeSlope))
        .Add<SigmoidSpec, IActivation>((backend, spec) => new OpenClActivation(backend, spec.Count, "SIGMOID_FUNCTION"))
        .Add<SwishSpec, IActivation>((backend, spec) => new OpenClActivation(backend, spec.Count, "SWISH", spec.Beta))
        .Add<TanhSpec, IActivation>((backend, spec) => new OpenClActivation(backend, spec.Count, "TANH"))
        .Add<ThresholdSpec, IActivation>((backend, spec) => new OpenClActivation(backend, spec.Count, "THRESHOLD", spec.Threshold))
        .Add<AccuracySpec, IAccuracy>((backend, spec) => new OpenClAccuracy(backend, spec))
        .Add<AveragePoolingSpec, IAveragePooling>((backend, spec) => new OpenClAveragePooling(backend, spec))
        .Add<BatchNormSpec, IBatchNorm>((backend, spec) => new OpenClBatchNorm(backend, spec))
        .Add<ChannelAffineSpec, IChannelAffine>((backend, spec) => new OpenClChannelAffine(backend, spec))
        .Add<ConvolutionSpec, IConvolution>((backend, spec) => new OpenClConvolution(backend, spec))
        .Add<DropoutSpec, IDropout>((backend, spec) => new OpenClDropout(backend, spec))
        .Add<ElementwiseMaxSpec, IElementwiseMax>((backend, spec) => new OpenClElementwiseMax(backend, spec))
        .Add<ElementwiseProductSpec, IElementwiseProduct>((backend, spec) => new OpenClElementwiseProduct(backend, spec))
        .Add<EuclideanLossSpec, IEuclideanLoss>((backend, spec) => new OpenClEuclideanLoss(backend, spec))
        .Add<GlobalNormSpec, IGlobalNorm>((backend, spec) => new OpenClGlobalNorm(backend, spec))
        .Add<InnerProductSpec, IInnerProduct>((backend, spec) => new OpenClInnerProduct(backend, spec))
        .Add<LrnAcrossChannelsSpec, ILrn>((backend, spec) => new OpenClLrnAcrossChannels(backend, spec))
        .Add<LrnWithinChannelSpec, ILrn>((backend, spec) => new OpenClLrnWithinChannel(backend, spec))
        .Add<MaxPoolingSpec, IMaxPooling>((backend, spec) => new OpenClMaxPooling(backend, spec))
        .Add<PReluSpec, IPRelu>((backend, spec) => new OpenClPRelu(backend, spec))
        .Add<SigmoidCrossEntropyLossSpec, ILabelLoss>((backend, spec) => new OpenClSigmoidCrossEntropyLoss(backend, spec))
        .Add<SoftmaxLossSpec, ISoftmaxLoss>((backend, spec) => new OpenClSoftmaxLoss(backend, spec))
        .Add<SoftmaxSpec, ISoftmax>((backend, spec) => new OpenClSoftmax(backend, spec))
        .Add<VectorNormSpec, IVectorNorm>((backend, spec) => new OpenClVectorNorm(backend, spec))
        .Add<WeightedSumSpec, IWeightedSum>((backend, spec) => new OpenClWeightedSum(backend, spec))
        .Add<WindowSpec, IWindow>((backend, spec) => new OpenClWindow(backend, spec))
        .Add<AdaDeltaUpdateSpec, IAdaDeltaUpdate>((backend, spec) => new OpenClUpdate(backend, spec.Count, "ADADELTA"))
        .Add<AdaGradUpdateSpec, IAdaGradUpdate>((backend, spec) => new OpenClUpdate(backend, spec.Count, "ADAGRAD"))
        .Add<AdamUpdateSpec, IAdamUpdate>((backend, spec) => new OpenClUpdate(backend, spec.Count, "ADAM"))
        .Add<NesterovUpdateSpec, INesterovUpdate>((backend, spec) => new OpenClUpdate(backend, spec.Count, "NESTEROV"))
        .Add<RmsPropUpdateSpec, IRmsPropUpdate>((backend, spec) => new OpenClUpdate(backend, spec.Count, "RMSPROP"))
        .Add<SgdUpdateSpec, ISgdUpdate>((backend, spec) => new OpenClUpdate(backend, spec.Count, "SGD"));
}
