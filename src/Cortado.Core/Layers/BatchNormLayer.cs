using Cortado.Backends.Contracts;
using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>
/// Normalises each channel by mean and variance: of the batch in TRAIN, of the running averages in TEST or where
/// <c>use_global_stats</c> says so. Its three blobs are the running mean, variance and factor; they change in the forward
/// pass, never by the solver.
/// </summary>
public sealed class BatchNormLayer : Layer
{
    private readonly OperatorSlot<IBatchNorm> _norm;
    private readonly Blob _deviation, _normalized;
    private readonly BatchNormParameter _settings;

    /// <summary>Creates the layer.</summary>
    public BatchNormLayer(LayerParameter parameter, LayerContext context) : base(parameter, context)
    {
        _settings = parameter.BatchNormParam ?? new BatchNormParameter();
        _norm = Slot<IBatchNorm>();
        _deviation = Scratch("deviation");
        _normalized = Scratch("normalized");
    }

    private bool UseGlobalStats => _settings.HasUseGlobalStats ? _settings.UseGlobalStats : Context.Phase == Phase.Test;

    /// <inheritdoc/>
    public override void SetUp(Blob[] bottom, Blob[] top)
    {
        int channels = Channels(bottom[0].Shape);
        AddBlob(new Shape(channels), null);
        AddBlob(new Shape(channels), null);
        AddBlob(new Shape(1), null);
        for (int i = 0; i < Blobs.Count; i++)
        {
            if (Parameter.Param.Count == i) Parameter.Param.Add(new ParamSpec { LrMult = 0 });
            else if (Parameter.Param[i].LrMult != 0)
                throw Error($"param {i} has lr_mult {Parameter.Param[i].LrMult.ToString(System.Globalization.CultureInfo.InvariantCulture)}; running statistics cannot be learned: give lr_mult: 0 or leave the params out.");
        }
    }

    /// <inheritdoc/>
    public override void Reshape(Blob[] bottom, Blob[] top)
    {
        Shape shape = bottom[0].Shape;
        int channels = Channels(shape);
        if (channels != Blobs[0].Count)
            throw Error($"'{bottom[0].Name}' ({shape}) has {channels} channels; the running statistics are for {Blobs[0].Count}.");
        if (top[0] != bottom[0]) top[0].Reshape(shape);
        _deviation.Reshape(new Shape(channels));
        _normalized.Reshape(shape);
        _norm.Prepare(Backend, new BatchNormSpec(shape[0], channels, shape.CountFrom(Math.Min(2, shape.Rank)), _settings.Eps, UseGlobalStats, _settings.MovingAverageFraction));
    }

    /// <inheritdoc/>
    public override void Forward(Blob[] bottom, Blob[] top) =>
        _norm.Operator.Forward(bottom[0].Data, top[0].Data, Blobs[0].Data, Blobs[1].Data, Blobs[2].Data, _deviation.Data, Normalized);

    /// <inheritdoc/>
    public override void Backward(Blob[] top, bool[] propagateDown, Blob[] bottom)
    {
        if (propagateDown[0]) _norm.Operator.Backward(_deviation.Data, Normalized, top[0].Diff, bottom[0].Diff);
    }

    // Later layers in place may overwrite the top, so the backward pass has a copy of its own.
    private DeviceBuffer? Normalized => UseGlobalStats ? null : _normalized.Data;

    private static int Channels(Shape shape) => shape.Rank > 1 ? shape[1] : 1;
}
