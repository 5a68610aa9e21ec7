using Cortado.Backends.Contracts;
using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>The <c>top_k</c> largest values or their indices, along an axis or over a whole example. No gradient.</summary>
public sealed class ArgMaxLayer : Layer
{
    private readonly OperatorSlot<IArgMax> _argMax;

    /// <summary>Creates the layer.</summary>
    public ArgMaxLayer(LayerParameter parameter, LayerContext context) : base(parameter, context) => _argMax = Slot<IArgMax>();

    /// <inheritdoc/>
    public override bool CanBackward => false;

    /// <inheritdoc/>
    public override void Reshape(Blob[] bottom, Blob[] top)
    {
        ArgMaxParameter settings = Parameter.ArgmaxParam ?? new ArgMaxParameter();
        Shape shape = bottom[0].Shape;
        int first = settings.HasAxis ? CanonicalAxis(bottom[0], settings.Axis, "axis") : 1;
        int outer = shape.CountBetween(0, Math.Min(first, shape.Rank));
        int count = settings.HasAxis ? shape[first] : shape.CountFrom(first), inner = settings.HasAxis ? shape.CountFrom(first + 1) : 1;
        if (settings.TopK < 1 || settings.TopK > count)
            throw Error($"top_k is {settings.TopK}; there are {count} values to choose from in '{bottom[0].Name}' ({shape}), so 1 to {count} is expected.");
        int topK = (int)settings.TopK;
        if (settings.HasAxis) top[0].Reshape(shape.With(first, topK));
        else
        {
            int[] dims = new int[Math.Max(3, shape.Rank)];
            for (int i = 0; i < dims.Length; i++) dims[i] = 1;
            dims[0] = shape[0];
            dims[1] = settings.OutMaxVal ? 2 : 1;
            dims[2] = topK;
            top[0].Reshape(new Shape(dims));
        }
        ArgMaxOutput output = !settings.OutMaxVal ? ArgMaxOutput.Indices : settings.HasAxis ? ArgMaxOutput.Values : ArgMaxOutput.IndicesThenValues;
        _argMax.Prepare(Backend, new ArgMaxSpec(outer, count, inner, topK, output));
    }

    /// <inheritdoc/>
    public override void Forward(Blob[] bottom, Blob[] top) => _argMax.Operator.Forward(bottom[0].Data, top[0].Data);

    /// <inheritdoc/>
    public override void Backward(Blob[] top, bool[] propagateDown, Blob[] bottom) => RefuseBackward(propagateDown, bottom);
}
