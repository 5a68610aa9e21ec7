using Cortado.Backends.Contracts;
using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>
/// Softmax and a logistic loss weighted by a matrix of (classes x classes): bottoms are scores, labels and, unless
/// <c>infogain_loss_param.source</c> names a binaryproto file, the matrix. A second top gives the probabilities.
/// </summary>
public sealed class InfogainLossLayer : LossLayer
{
    private readonly OperatorSlot<ISoftmax> _softmax;
    private readonly OperatorSlot<IInfogainLoss> _loss;
    private readonly Blob _probabilities, _matrix;

    /// <summary>Creates the layer.</summary>
    public InfogainLossLayer(LayerParameter parameter, LayerContext context) : base(parameter, context)
    {
        _softmax = Slot<ISoftmax>();
        _loss = Slot<IInfogainLoss>();
        _probabilities = Scratch("probabilities");
        _matrix = Scratch("matrix");
    }

    /// <inheritdoc/>
    public override BlobCounts Counts => new(2, 3, 1, 2);

    /// <inheritdoc/>
    public override bool AllowForceBackward(int bottom) => bottom == 0;

    /// <inheritdoc/>
    public override void SetUp(Blob[] bottom, Blob[] top)
    {
        if (Parameter.LossParam is { HasNormalize: true })
            throw Error("loss_param.normalize is not known to this type; expected loss_param.normalization.");
        if (bottom.Length > 2) return;
        if (Parameter.InfogainLossParam is not { HasSource: true } settings)
            throw Error("there is no matrix; expected a third bottom or infogain_loss_param.source.");
        ReadMatrix(settings.Source);
    }

    /// <inheritdoc/>
    public override void Reshape(Blob[] bottom, Blob[] top)
    {
        base.Reshape(bottom, top);
        Shape shape = bottom[0].Shape;
        int axis = CanonicalAxis(bottom[0], Parameter.InfogainLossParam?.Axis ?? 1, "axis");
        int outer = shape.CountBetween(0, axis), classes = shape[axis], inner = shape.CountFrom(axis + 1);
        CheckLabels(bottom, axis);
        Blob matrix = Matrix(bottom);
        if (matrix.Count != (long)classes * classes)
            throw Error($"the infogain matrix is {matrix.Shape}; expected {classes} x {classes} values for the {classes} classes on axis {axis} of '{bottom[0].Name}' ({shape}).");
        _probabilities.Reshape(shape);
        if (top.Length > 1)
        {
            top[1].Reshape(shape);
            top[1].ShareData(_probabilities);
        }
        _softmax.Prepare(Backend, new SoftmaxSpec(outer, classes, inner));
        _loss.Prepare(Backend, new InfogainLossSpec(outer, classes, inner, Normalization(LossNormalization.Valid), IgnoreLabel));
    }

    /// <inheritdoc/>
    protected override void ForwardLoss(Blob[] bottom, Blob[] top)
    {
        _softmax.Operator.Forward(bottom[0].Data, _probabilities.Data);
        _loss.Operator.Forward(_probabilities.Data, bottom[1].Data, Matrix(bottom).Data, top[0].Data);
    }

    /// <inheritdoc/>
    protected override void BackwardLoss(Blob[] top, bool[] propagateDown, Blob[] bottom)
    {
        if (propagateDown[0]) _loss.Operator.Backward(_probabilities.Data, bottom[1].Data, Matrix(bottom).Data, top[0].Diff, bottom[0].Diff);
    }

    private Blob Matrix(Blob[] bottom) => bottom.Length > 2 ? bottom[2] : _matrix;

    private void ReadMatrix(string source)
    {
        BinaryProtoFile file = BinaryProtoFile.Load(Context.Paths.Existing(source, "infogain matrix"));
        _matrix.Reshape(new Shape(file.Shape.ToArray()));
        file.Data.CopyTo(_matrix.WriteData());
    }
}
