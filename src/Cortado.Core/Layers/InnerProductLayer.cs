using Cortado.Backends.Contracts;
using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>
/// A fully connected layer: y = x W^T + b over everything from <c>axis</c> on. Bottom (..., axis, ...), top (..., num_output);
/// weights (num_output, K), or (K, num_output) with <c>transpose</c>, where K is the count from axis on.
/// </summary>
public sealed class InnerProductLayer : Layer
{
    private readonly OperatorSlot<IInnerProduct> _product;
    private int _axis, _inputs, _outputs;
    private bool _transpose;

    /// <summary>Creates the layer.</summary>
    public InnerProductLayer(LayerParameter parameter, LayerContext context) : base(parameter, context) => _product = Slot<IInnerProduct>();

    /// <inheritdoc/>
    public override bool CanFuseRelu => true;

    private DeviceBuffer? Bias => Blobs.Count > 1 ? Blobs[1].Data : null;

    /// <inheritdoc/>
    public override void SetUp(Blob[] bottom, Blob[] top)
    {
        InnerProductParameter parameter = Parameter.InnerProductParam ?? new InnerProductParameter();
        _outputs = LayerNumbers.Positive(parameter.NumOutput, "num_output", Name);
        _transpose = parameter.Transpose;
        _axis = bottom[0].Shape.CanonicalAxis(parameter.Axis);
        _inputs = bottom[0].Shape.CountFrom(_axis);
        AddBlob(_transpose ? new Shape(_inputs, _outputs) : new Shape(_outputs, _inputs), parameter.WeightFiller);
        if (parameter.BiasTerm) AddBlob(new Shape(_outputs), parameter.BiasFiller);
    }

    /// <inheritdoc/>
    public override void Reshape(Blob[] bottom, Blob[] top)
    {
        Shape shape = bottom[0].Shape;
        if (shape.Rank <= _axis || shape.CountFrom(_axis) != _inputs)
            throw Error($"bottom '{bottom[0].Name}' has shape {shape}; the weights expect {_inputs} values from axis {_axis} on. The size of an InnerProduct's input cannot change.");
        int[] dims = new int[_axis + 1];
        for (int i = 0; i < _axis; i++) dims[i] = shape[i];
        dims[_axis] = _outputs;
        top[0].Reshape(new Shape(dims));
        _product.Prepare(Backend, new InnerProductSpec
        {
            Batch = shape.CountBetween(0, _axis),
            Inputs = _inputs,
            Outputs = _outputs,
            TransposedWeights = _transpose,
            FuseRelu = FuseRelu,
            FrozenWeights = Context.FrozenWeights,
        });
    }

    /// <inheritdoc/>
    public override void Forward(Blob[] bottom, Blob[] top) =>
        _product.Operator.Forward(bottom[0].Data, Blobs[0].Data, Bias, top[0].Data);

    /// <inheritdoc/>
    public override void Backward(Blob[] top, bool[] propagateDown, Blob[] bottom)
    {
        DeviceBuffer? weightsDiff = WantsParamDiff(0) ? Blobs[0].Diff : null;
        DeviceBuffer? biasDiff = Blobs.Count > 1 && WantsParamDiff(1) ? Blobs[1].Diff : null;
        if (weightsDiff != null || biasDiff != null) _product.Operator.BackwardWeights(bottom[0].Data, top[0].Diff, weightsDiff, biasDiff);
        if (propagateDown[0]) _product.Operator.BackwardData(top[0].Diff, Blobs[0].Data, bottom[0].Diff);
    }

    /// <inheritdoc/>
    public override void WeightsChanged() => _product.Operator.WeightsChanged();
}
