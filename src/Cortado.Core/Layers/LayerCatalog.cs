using Cortado.Formats;

namespace Cortado.Layers;

/// <summary>The layer types that there are: one line a type.</summary>
public static class LayerCatalog
{
    private static readonly Dictionary<string, Func<LayerParameter, LayerContext, Layer>> Types = new(StringComparer.Ordinal)
    {
        ["AbsVal"] = (parameter, context) => new AbsValLayer(parameter, context),
        ["Accuracy"] = (parameter, context) => new AccuracyLayer(parameter, context),
        ["ArgMax"] = (parameter, context) => new ArgMaxLayer(parameter, context),
        ["BNLL"] = (parameter, context) => new BnllLayer(parameter, context),
        ["BatchNorm"] = (parameter, context) => new BatchNormLayer(parameter, context),
        ["Bias"] = (parameter, context) => new BiasLayer(parameter, context),
        ["Clip"] = (parameter, context) => new ClipLayer(parameter, context),
        ["Concat"] = (parameter, context) => new ConcatLayer(parameter, context),
        ["ContrastiveLoss"] = (parameter, context) => new ContrastiveLossLayer(parameter, context),
        ["Convolution"] = (parameter, context) => new ConvolutionLayer(parameter, context),
        ["Crop"] = (parameter, context) => new CropLayer(parameter, context),
        ["Data"] = (parameter, context) => new DataLayer(parameter, context),
        ["Deconvolution"] = (parameter, context) => new DeconvolutionLayer(parameter, context),
        ["Dropout"] = (parameter, context) => new DropoutLayer(parameter, context),
        ["DummyData"] = (parameter, context) => new DummyDataLayer(parameter, context),
        ["ELU"] = (parameter, context) => new EluLayer(parameter, context),
        ["Eltwise"] = (parameter, context) => new EltwiseLayer(parameter, context),
        ["Embed"] = (parameter, context) => new EmbedLayer(parameter, context),
        ["EuclideanLoss"] = (parameter, context) => new EuclideanLossLayer(parameter, context),
        ["Exp"] = (parameter, context) => new ExpLayer(parameter, context),
        ["Flatten"] = (parameter, context) => new FlattenLayer(parameter, context),
        ["HingeLoss"] = (parameter, context) => new HingeLossLayer(parameter, context),
        ["ImageData"] = (parameter, context) => new ImageDataLayer(parameter, context),
        ["InfogainLoss"] = (parameter, context) => new InfogainLossLayer(parameter, context),
        ["InnerProduct"] = (parameter, context) => new InnerProductLayer(parameter, context),
        ["Input"] = (parameter, context) => new InputLayer(parameter, context),
        ["LRN"] = (parameter, context) => new LrnLayer(parameter, context),
        ["Log"] = (parameter, context) => new LogLayer(parameter, context),
        ["MVN"] = (parameter, context) => new MvnLayer(parameter, context),
        ["MemoryData"] = (parameter, context) => new MemoryDataLayer(parameter, context),
        ["MultinomialLogisticLoss"] = (parameter, context) => new MultinomialLogisticLossLayer(parameter, context),
        ["PReLU"] = (parameter, context) => new PReluLayer(parameter, context),
        ["Parameter"] = (parameter, context) => new ParameterLayer(parameter, context),
        ["Pooling"] = (parameter, context) => new PoolingLayer(parameter, context),
        ["Power"] = (parameter, context) => new PowerLayer(parameter, context),
        ["ReLU"] = (parameter, context) => new ReluLayer(parameter, context),
        ["Reduction"] = (parameter, context) => new ReductionLayer(parameter, context),
        ["Reshape"] = (parameter, context) => new ReshapeLayer(parameter, context),
        ["Scale"] = (parameter, context) => new ScaleLayer(parameter, context),
        ["Sigmoid"] = (parameter, context) => new SigmoidLayer(parameter, context),
        ["SigmoidCrossEntropyLoss"] = (parameter, context) => new SigmoidCrossEntropyLossLayer(parameter, context),
        ["Silence"] = (parameter, context) => new SilenceLayer(parameter, context),
        ["Slice"] = (parameter, context) => new SliceLayer(parameter, context),
        ["Softmax"] = (parameter, context) => new SoftmaxLayer(parameter, context),
        ["SoftmaxWithLoss"] = (parameter, context) => new SoftmaxWithLossLayer(parameter, context),
        ["Split"] = (parameter, context) => new SplitLayer(parameter, context),
        ["Swish"] = (parameter, context) => new SwishLayer(parameter, context),
        ["TanH"] = (parameter, context) => new TanhLayer(parameter, context),
        ["Threshold"] = (parameter, context) => new ThresholdLayer(parameter, context),
        ["Tile"] = (parameter, context) => new TileLayer(parameter, context),
    };

    /// <summary>The names of all types, sorted.</summary>
    public static IReadOnlyList<string> Names { get; } = Sorted();

    /// <summary>Makes the layer that a prototxt describes.</summary>
    /// <exception cref="CortadoException">There is no such type; the message lists those there are.</exception>
    public static Layer Create(LayerParameter parameter, LayerContext context) =>
        Types.TryGetValue(parameter.Type, out Func<LayerParameter, LayerContext, Layer>? create)
            ? create(parameter, context)
            : throw new CortadoException($"layer '{parameter.Name}': unknown layer type \"{parameter.Type}\".{DidYouMean(parameter.Type)} Known types: {string.Join(", ", Names)}.");

    private static string DidYouMean(string type) => NearestName.Find(type, Names) is { } near ? $" Did you mean \"{near}\"?" : "";

    private static string[] Sorted()
    {
        string[] names = new string[Types.Count];
        Types.Keys.CopyTo(names, 0);
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }
}
