using Cortado.Backends;
using Cortado.Backends.Contracts;
using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>Combines blobs of one shape element by element: a product, a sum with a coefficient each, or the maximum.</summary>
public sealed class EltwiseLayer : Layer
{
    private readonly OperatorSlot<IWeightedSum> _sum;
    private readonly OperatorSlot<IElementwiseProduct> _product;
    private readonly OperatorSlot<IElementwiseMax> _max;
    private readonly Blob _winner;
    private readonly EltwiseParameter _settings;
    private readonly DeviceBuffer[] _one = new DeviceBuffer[1];
    private DeviceBuffer[] _inputs = Array.Empty<DeviceBuffer>();
    private float[] _coefficients = Array.Empty<float>();

    /// <summary>Creates the layer.</summary>
    public EltwiseLayer(LayerParameter parameter, LayerContext context) : base(parameter, context)
    {
        _settings = parameter.EltwiseParam ?? new EltwiseParameter();
        _sum = Slot<IWeightedSum>();
        _product = Slot<IElementwiseProduct>();
        _max = Slot<IElementwiseMax>();
        _winner = Scratch("winner");
    }

    /// <inheritdoc/>
    public override BlobCounts Counts => new(2, BlobCounts.Any, 1, 1);

    /// <inheritdoc/>
    public override void SetUp(Blob[] bottom, Blob[] top)
    {
        int given = _settings.Coeff.Count;
        if (given != 0 && given != bottom.Length)
            throw Error($"coeff is given {given} times for {bottom.Length} bottoms; expected once for each, or not at all.");
        if (given != 0 && _settings.Operation == EltwiseParameter.Types.EltwiseOp.Prod)
            throw Error("coeff is given, but a product takes none; only SUM does.");
        _inputs = new DeviceBuffer[bottom.Length];
        _coefficients = new float[bottom.Length];
        for (int i = 0; i < bottom.Length; i++) _coefficients[i] = given != 0 ? _settings.Coeff[i] : 1;
    }

    /// <inheritdoc/>
    public override void Reshape(Blob[] bottom, Blob[] top)
    {
        Shape shape = bottom[0].Shape;
        foreach (Blob blob in bottom)
            if (blob.Shape != shape)
                throw Error($"the bottoms must have the same shape: '{bottom[0].Name}' is {shape}, '{blob.Name}' is {blob.Shape}.");
        top[0].Reshape(shape);
        switch (_settings.Operation)
        {
            case EltwiseParameter.Types.EltwiseOp.Prod:
                _product.Prepare(Backend, new ElementwiseProductSpec(shape.Count));
                break;
            case EltwiseParameter.Types.EltwiseOp.Max:
                _max.Prepare(Backend, new ElementwiseMaxSpec(shape.Count));
                _winner.Reshape(shape);
                break;
            default:
                _sum.Prepare(Backend, new WeightedSumSpec(shape.Count));
                break;
        }
    }

    /// <inheritdoc/>
    public override void Forward(Blob[] bottom, Blob[] top)
    {
        Gather(bottom);
        switch (_settings.Operation)
        {
            case EltwiseParameter.Types.EltwiseOp.Prod: _product.Operator.Forward(_inputs, top[0].Data); break;
            case EltwiseParameter.Types.EltwiseOp.Max: _max.Operator.Forward(_inputs, top[0].Data, _winner.Data); break;
            default: _sum.Operator.Run(_inputs, _coefficients, top[0].Data); break;
        }
    }

    /// <inheritdoc/>
    public override void Backward(Blob[] top, bool[] propagateDown, Blob[] bottom)
    {
        bool product = _settings.Operation == EltwiseParameter.Types.EltwiseOp.Prod;
        if (product && top[0] == bottom[0])
            throw Error("a product in place has lost the values that its gradient needs; give the top another name.");
        // In place the first bottom's gradient takes the place of the top's: it comes last.
        for (int i = bottom.Length - 1; i >= 0; i--)
        {
            if (!propagateDown[i]) continue;
            if (product) BackwardProduct(top[0], bottom, i);
            else if (_settings.Operation == EltwiseParameter.Types.EltwiseOp.Max) _max.Operator.Backward(_winner.Data, i, top[0].Diff, bottom[i].Diff);
            else
            {
                _one[0] = top[0].Diff;
                _sum.Operator.Run(_one, _coefficients.AsSpan(i, 1), bottom[i].Diff);
            }
        }
    }

    private void BackwardProduct(Blob top, Blob[] bottom, int index)
    {
        if (_settings.StableProdGrad)
        {
            Gather(bottom);
            _product.Operator.Backward(_inputs, index, top.Diff, bottom[index].Diff);
        }
        else
        {
            _product.Operator.BackwardByDivision(bottom[index].Data, top.Data, top.Diff, bottom[index].Diff);
        }
    }

    private void Gather(Blob[] bottom)
    {
        for (int i = 0; i < bottom.Length; i++) _inputs[i] = bottom[i].Data;
    }
}
