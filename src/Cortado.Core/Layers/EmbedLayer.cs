using Cortado.Backends.Contracts;
using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>Looks up a learned row for each index in the bottom: the top has one more axis, of <c>num_output</c>.</summary>
public sealed class EmbedLayer : Layer
{
    private readonly OperatorSlot<IEmbed> _embed;

    /// <summary>Creates the layer.</summary>
    public EmbedLayer(LayerParameter parameter, LayerContext context) : base(parameter, context) => _embed = Slot<IEmbed>();

    /// <inheritdoc/>
    public override bool AllowForceBackward(int bottom) => false;

    private EmbedParameter Settings => Parameter.EmbedParam ?? throw Error("embed_param is missing.");

    /// <inheritdoc/>
    public override void SetUp(Blob[] bottom, Blob[] top)
    {
        int outputs = LayerNumbers.Positive(Settings.NumOutput, "num_output", Name), inputs = LayerNumbers.Positive(Settings.InputDim, "input_dim", Name);
        AddBlob(new Shape(inputs, outputs), Settings.WeightFiller ?? new FillerParameter());
        if (Settings.BiasTerm) AddBlob(new Shape(outputs), Settings.BiasFiller ?? new FillerParameter());
    }

    /// <inheritdoc/>
    public override void Reshape(Blob[] bottom, Blob[] top)
    {
        int[] dims = bottom[0].Shape.ToArray();
        Array.Resize(ref dims, dims.Length + 1);
        dims[dims.Length - 1] = (int)Settings.NumOutput;
        top[0].Reshape(new Shape(dims));
        _embed.Prepare(Backend, new EmbedSpec(bottom[0].Count, (int)Settings.InputDim, (int)Settings.NumOutput));
    }

    /// <inheritdoc/>
    public override void Forward(Blob[] bottom, Blob[] top)
    {
        try
        {
            _embed.Operator.Forward(bottom[0].Data, Blobs[0].Data, Blobs.Count > 1 ? Blobs[1].Data : null, top[0].Data);
        }
        catch (CortadoException error) when (error is not DeviceException)
        {
            throw Error(error.Message);
        }
    }

    /// <inheritdoc/>
    public override void Backward(Blob[] top, bool[] propagateDown, Blob[] bottom)
    {
        RefuseBackward(propagateDown, bottom);
        bool weights = WantsParamDiff(0), bias = Blobs.Count > 1 && WantsParamDiff(1);
        if (weights || bias)
            _embed.Operator.Backward(bottom[0].Data, top[0].Diff, weights ? Blobs[0].Diff : null, bias ? Blobs[1].Diff : null);
    }
}
