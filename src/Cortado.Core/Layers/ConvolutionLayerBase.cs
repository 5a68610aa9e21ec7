using Cortado.Backends.Contracts;
using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>
/// What convolution and deconvolution share: their parameters, their learnable blobs (weights, bias) and the shapes. Several
/// bottoms with as many tops share the weights.
/// </summary>
public abstract class ConvolutionLayerBase : Layer
{
    private readonly OperatorSlot<IConvolution> _convolution;
    private ConvolutionGeometry? _geometry;
    private int _channels, _groups;

    /// <summary>Creates the layer.</summary>
    protected ConvolutionLayerBase(LayerParameter parameter, LayerContext context) : base(parameter, context) =>
        _convolution = Slot<IConvolution>();

    /// <inheritdoc/>
    public override BlobCounts Counts { get; } = new(1, BlobCounts.Any, 1, BlobCounts.Any, SameNumber: true);

    /// <summary>Channels of the tops.</summary>
    protected int Outputs { get; private set; }

    /// <summary>The prepared operator.</summary>
    protected IConvolution Convolution => _convolution.Operator;

    /// <summary>The weights' values.</summary>
    protected DeviceBuffer Weights => Blobs[0].Data;

    /// <summary>The bias's values, or null for a layer without.</summary>
    protected DeviceBuffer? Bias => Blobs.Count > 1 ? Blobs[1].Data : null;

    /// <summary>Whether the convolution that computes this layer runs from top to bottom.</summary>
    private protected abstract bool Reversed { get; }

    /// <inheritdoc/>
    public override void SetUp(Blob[] bottom, Blob[] top)
    {
        ConvolutionParameter parameter = Parameter.ConvolutionParam ?? new ConvolutionParameter();
        Shape shape = bottom[0].Shape;
        if (shape.Rank != 4 || shape.CanonicalAxis(parameter.Axis) != 1)
            throw Error($"bottom '{bottom[0].Name}' has shape {shape} and axis is {parameter.Axis}; only 2-D convolution is supported: expected (num, channels, height, width) with axis 1.");
        _geometry = new ConvolutionGeometry(parameter, Name);
        Outputs = LayerNumbers.Positive(parameter.NumOutput, "num_output", Name);
        _groups = LayerNumbers.Positive(parameter.Group, "group", Name);
        _channels = shape[1];
        if (_channels % _groups != 0)
            throw Error($"bottom '{bottom[0].Name}' has {_channels} channels, which group: {_groups} does not divide.");
        if (Outputs % _groups != 0)
            throw Error($"num_output: {Outputs} is not a multiple of group: {_groups}.");
        (int rows, int columns) = Reversed ? (_channels, Outputs) : (Outputs, _channels);
        AddBlob(new Shape(rows, columns / _groups, _geometry.KernelHeight, _geometry.KernelWidth), parameter.WeightFiller);
        if (parameter.BiasTerm) AddBlob(new Shape(Outputs), parameter.BiasFiller);
    }

    /// <inheritdoc/>
    public override void Reshape(Blob[] bottom, Blob[] top)
    {
        Shape shape = bottom[0].Shape;
        if (shape.Rank != 4 || shape[1] != _channels)
            throw Error($"bottom '{bottom[0].Name}' has shape {shape}; expected 4 axes and {_channels} channels, as the weights have.");
        foreach (Blob other in bottom)
            if (other.Shape != shape)
                throw Error($"bottom '{other.Name}' has shape {other.Shape} but bottom '{bottom[0].Name}' has {shape}; all bottoms must have the same shape.");
        ConvolutionGeometry geometry = _geometry!;
        (int height, int width) = Reversed ? geometry.Deconvolved(shape[2], shape[3]) : geometry.Convolved(shape[2], shape[3]);
        var topShape = new Shape(shape[0], Outputs, height, width);
        foreach (Blob blob in top) blob.Reshape(topShape);
        (Shape input, Shape output) = Reversed ? (topShape, shape) : (shape, topShape);
        _convolution.Prepare(Backend, new ConvolutionSpec
        {
            Batch = input[0],
            InChannels = input[1],
            InHeight = input[2],
            InWidth = input[3],
            OutChannels = output[1],
            KernelHeight = geometry.KernelHeight,
            KernelWidth = geometry.KernelWidth,
            StrideHeight = geometry.StrideHeight,
            StrideWidth = geometry.StrideWidth,
            PadHeight = geometry.PadHeight,
            PadWidth = geometry.PadWidth,
            DilationHeight = geometry.DilationHeight,
            DilationWidth = geometry.DilationWidth,
            Groups = _groups,
            FuseRelu = FuseRelu,
            FrozenWeights = Context.FrozenWeights,
        });
    }

    /// <inheritdoc/>
    public override void WeightsChanged() => Convolution.WeightsChanged();

    /// <summary>The gradient of the weights, where it is wanted.</summary>
    protected DeviceBuffer? WeightsDiff => WantsParamDiff(0) ? Blobs[0].Diff : null;

    /// <summary>The gradient of the bias, where there is one and it is wanted.</summary>
    protected DeviceBuffer? BiasDiff => Blobs.Count > 1 && WantsParamDiff(1) ? Blobs[1].Diff : null;
}
