using Cortado.Formats;

namespace Cortado.Solvers;

/// <summary>Gives the data layers of a network another batch size.</summary>
internal static class BatchSizeEdit
{
    /// <summary>Changes the layers that stand in the network for its state; says how many.</summary>
    public static int Apply(NetParameter net, int batchSize)
    {
        if (batchSize <= 0) throw new CortadoException($"The batch size is {batchSize}; expected at least 1.");
        int changed = 0;
        foreach (LayerParameter layer in net.Layer)
        {
            if (!Nets.PhaseFilter.Includes(layer, net.State)) continue;
            if (layer.DataParam != null) layer.DataParam.BatchSize = (uint)batchSize;
            else if (layer.ImageDataParam != null) layer.ImageDataParam.BatchSize = (uint)batchSize;
            else if (layer.MemoryDataParam != null) layer.MemoryDataParam.BatchSize = (uint)batchSize;
            else continue;
            changed++;
        }
        return changed;
    }
}
