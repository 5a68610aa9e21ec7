using Cortado.Tensors;

namespace Cortado.Nets;

/// <summary>Decides which layers and bottoms take part in the backward pass.</summary>
internal static class BackwardPlan
{
    /// <summary>Leaves out what does not lie between a loss and something that learns.</summary>
    public static void Prune(IReadOnlyList<NetLayer> layers)
    {
        var underLoss = new HashSet<Blob>();
        var skipped = new HashSet<Blob>();
        for (int i = layers.Count - 1; i >= 0; i--)
        {
            NetLayer layer = layers[i];
            bool contributes = false, skip = true;
            for (int j = 0; j < layer.Tops.Length; j++)
            {
                contributes |= layer.LossWeights[j] != 0 || underLoss.Contains(layer.Tops[j]);
                skip &= skipped.Contains(layer.Tops[j]);
            }
            if ((layer.NeedsBackward && skip) || !contributes)
            {
                layer.NeedsBackward = false;
                Array.Clear(layer.PropagateDown, 0, layer.PropagateDown.Length);
            }
            for (int j = 0; j < layer.Bottoms.Length; j++)
            {
                if (contributes) underLoss.Add(layer.Bottoms[j]);
                if (!layer.PropagateDown[j]) skipped.Add(layer.Bottoms[j]);
            }
        }
    }

    /// <summary>force_backward: every layer that has a gradient runs and every bottom that may have a gradient gets one.</summary>
    public static void Force(IReadOnlyList<NetLayer> layers)
    {
        foreach (NetLayer layer in layers)
        {
            layer.NeedsBackward = layer.Layer.CanBackward;
            if (!layer.NeedsBackward) continue;
            for (int j = 0; j < layer.Bottoms.Length; j++) layer.PropagateDown[j] |= layer.Layer.AllowForceBackward(j);
            for (int j = 0; j < layer.Layer.ParamPropagateDown.Length; j++) layer.Layer.ParamPropagateDown[j] = true;
        }
    }
}
