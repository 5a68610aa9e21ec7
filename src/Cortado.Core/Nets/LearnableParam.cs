using Cortado.Tensors;

namespace Cortado.Nets;

/// <summary>A learnable blob as the solver sees it: its owner's memory, learning-rate and decay multipliers.</summary>
public sealed class LearnableParam
{
    internal LearnableParam(Blob blob, int layer, int index, string name)
    {
        Blob = blob;
        Layer = layer;
        Index = index;
        Name = name;
    }

    /// <summary>The blob of the layer that owns it.</summary>
    public Blob Blob { get; }

    /// <summary>The owning layer's place in the network.</summary>
    public int Layer { get; }

    /// <summary>Which of the layer's learnable blobs it is.</summary>
    public int Index { get; }

    /// <summary>The name given by <c>param { name }</c>, under which layers share it; empty for none.</summary>
    public string Name { get; }

    /// <summary>Multiplies the learning rate; 0 freezes the blob.</summary>
    public float LrMult { get; internal set; } = 1;

    /// <summary>Multiplies the weight decay.</summary>
    public float DecayMult { get; internal set; } = 1;

    internal bool HasLrMult { get; set; }

    internal bool HasDecayMult { get; set; }
}
