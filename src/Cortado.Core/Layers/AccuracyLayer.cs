using Cortado.Backends.Contracts;
using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>
/// The share of right answers (bottoms: scores, labels), and in a second top that of each class. Equal scores count as wrong
/// and NaN scores as right, as in Caffe.
/// </summary>
public sealed class AccuracyLayer : Layer
{
    private readonly OperatorSlot<IAccuracy> _accuracy;

    /// <summary>Creates the layer.</summary>
    public AccuracyLayer(LayerParameter parameter, LayerContext context) : base(parameter, context) => _accuracy = Slot<IAccuracy>();

    /// <inheritdoc/>
    public override BlobCounts Counts => new(2, 2, 1, 2);

    /// <inheritdoc/>
    public override bool CanBackward => false;

    /// <inheritdoc/>
    public override void Reshape(Blob[] bottom, Blob[] top)
    {
        AccuracyParameter settings = Parameter.AccuracyParam ?? new AccuracyParameter();
        Shape shape = bottom[0].Shape;
        int axis = CanonicalAxis(bottom[0], settings.Axis, "axis");
        int outer = shape.CountBetween(0, axis), classes = shape[axis], inner = shape.CountFrom(axis + 1);
        if (outer * inner != bottom[1].Count)
            throw Error($"there must be one label for each prediction: scores '{bottom[0].Name}' are {shape}, so with classes on axis {axis} "
                + $"{outer * inner} labels are expected; '{bottom[1].Name}' is {bottom[1].Shape}.");
        if (settings.TopK > classes)
            throw Error($"top_k is {settings.TopK}, but there are only {classes} classes in '{bottom[0].Name}' ({shape}).");
        top[0].Reshape(new Shape());
        if (top.Length > 1) top[1].Reshape(new Shape(classes));
        _accuracy.Prepare(Backend, new AccuracySpec(outer, classes, inner, (int)settings.TopK, settings.HasIgnoreLabel ? settings.IgnoreLabel : null));
    }

    /// <inheritdoc/>
    public override void Forward(Blob[] bottom, Blob[] top)
    {
        try
        {
            _accuracy.Operator.Forward(bottom[0].Data, bottom[1].Data, top[0].Data, top.Length > 1 ? top[1].Data : null);
        }
        catch (CortadoException error) when (error is not DeviceException)
        {
            throw Error(error.Message);
        }
    }

    /// <inheritdoc/>
    public override void Backward(Blob[] top, bool[] propagateDown, Blob[] bottom) => RefuseBackward(propagateDown, bottom);
}
