using System.CommandLine;
using Cortado.Nets;
using Cortado.OpenCL;

namespace Cortado.Cli;

/// <summary>The option <c>--half</c>.</summary>
internal static class HalfOption
{
    public static Option<bool> Create() => new("--half")
    {
        Description = "Keep the weights of fully connected layers in half precision, on OpenCL devices and for up to four images at a time: faster, and what it costs in accuracy is printed.",
    };

    /// <summary>Refuses what half precision would change nothing of.</summary>
    /// <exception cref="CortadoException">No layer of the network keeps its weights so: there is no fully connected one, or each batch is too large.</exception>
    public static void Check(Net net, string model)
    {
        int least = int.MaxValue;
        foreach (NetLayer layer in net.Layers)
            if (layer.Layer.Type == "InnerProduct") least = Math.Min(least, layer.Tops[0].Count / layer.Tops[0].Shape[-1]);
        if (least == int.MaxValue) throw new CortadoException($"--half: {model} has no fully connected layer (InnerProduct), and only those keep their weights in half precision. Leave --half out.");
        if (least <= OpenClOptions.LargestHalfBatch) return;
        throw new CortadoException(
            $"--half: {model} takes {least} images at a time, and weights in half precision serve at most {OpenClOptions.LargestHalfBatch}: for more they gain nothing. Add --batch {OpenClOptions.LargestHalfBatch}, or leave --half out.");
    }
}
