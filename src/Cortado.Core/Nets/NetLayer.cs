using Cortado.Layers;
using Cortado.Tensors;

namespace Cortado.Nets;

/// <summary>One layer in its place: with the blobs it reads and writes and what the backward pass owes it.</summary>
public sealed class NetLayer
{
    private Shape[] _bottomShapes = Array.Empty<Shape>();

    internal NetLayer(Layer layer, Blob[] bottoms, Blob[] tops)
    {
        Layer = layer;
        Bottoms = bottoms;
        Tops = tops;
        PropagateDown = new bool[bottoms.Length];
        LossWeights = new float[tops.Length];
    }

    /// <summary>The layer.</summary>
    public Layer Layer { get; }

    /// <summary>What it reads.</summary>
    public Blob[] Bottoms { get; }

    /// <summary>What it writes; the same objects as the bottoms where it works in place.</summary>
    public Blob[] Tops { get; internal set; }

    /// <summary>For each bottom, whether its gradient is computed.</summary>
    public bool[] PropagateDown { get; }

    /// <summary>For each top, its weight in the network's loss.</summary>
    public float[] LossWeights { get; internal set; }

    /// <summary>Whether the backward pass calls the layer.</summary>
    public bool NeedsBackward { get; internal set; }

    /// <summary>Whether the layer before computes this ReLU, so that the forward pass leaves it out.</summary>
    public bool FusedAway { get; internal set; }

    /// <summary>In a rehearsal: whether the device lacks an operator of the layer.</summary>
    internal bool FallsBack { get; set; }

    internal bool HasLoss { get; set; }

    /// <summary>Reshapes the layer when a bottom's shape is not what it was last time.</summary>
    internal void ReshapeIfNeeded()
    {
        if (_bottomShapes.Length == Bottoms.Length && SameShapes()) return;
        Reshape();
    }

    internal void Reshape()
    {
        Layer.Reshape(Bottoms, Tops);
        if (_bottomShapes.Length != Bottoms.Length) _bottomShapes = new Shape[Bottoms.Length];
        for (int i = 0; i < Bottoms.Length; i++) _bottomShapes[i] = Bottoms[i].Shape;
        for (int i = 0; i < Tops.Length; i++)
            if (LossWeights[i] != 0) Tops[i].WriteDiff().Fill(LossWeights[i]);
    }

    private bool SameShapes()
    {
        for (int i = 0; i < Bottoms.Length; i++)
            if (_bottomShapes[i] != Bottoms[i].Shape) return false;
        return true;
    }
}
