using Cortado.Backends.Contracts;
using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>Takes the mean off each channel of each example (or each whole example, <c>across_channels</c>) and divides by its deviation.</summary>
public sealed class MvnLayer : Layer
{
    private readonly OperatorSlot<IMeanVariance> _norm;
    private readonly Blob _deviation;

    /// <summary>Creates the layer.</summary>
    public MvnLayer(LayerParameter parameter, LayerContext context) : base(parameter, context)
    {
        _norm = Slot<IMeanVariance>();
        _deviation = Scratch("deviation");
    }

    /// <inheritdoc/>
    public override void Reshape(Blob[] bottom, Blob[] top)
    {
        MVNParameter settings = Parameter.MvnParam ?? new MVNParameter();
        Shape shape = bottom[0].Shape;
        if (shape.Rank > 4) throw Error($"'{bottom[0].Name}' is {shape}; expected at most 4 axes.");
        // As in Caffe the top always has four axes.
        top[0].Reshape(new Shape(shape.Legacy(0), shape.Legacy(1), shape.Legacy(2), shape.Legacy(3)));
        int rows = settings.AcrossChannels ? shape.Legacy(0) : shape.Legacy(0) * shape.Legacy(1);
        _deviation.Reshape(new Shape(rows));
        _norm.Prepare(Backend, new MeanVarianceSpec(rows, rows == 0 ? 0 : shape.Count / rows, settings.NormalizeVariance, settings.Eps));
    }

    /// <inheritdoc/>
    public override void Forward(Blob[] bottom, Blob[] top) => _norm.Operator.Forward(bottom[0].Data, top[0].Data, _deviation.Data);

    /// <inheritdoc/>
    public override void Backward(Blob[] top, bool[] propagateDown, Blob[] bottom)
    {
        if (propagateDown[0]) _norm.Operator.Backward(top[0].Data, _deviation.Data, top[0].Diff, bottom[0].Diff);
    }
}
