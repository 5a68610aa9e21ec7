using Cortado.Tensors;

namespace Cortado.Nets;

/// <summary>Refuses weights that a diverged training left behind: a network with them answers nan, or worse, something that looks right.</summary>
public static class FiniteWeights
{
    /// <summary>Looks at every learnable blob of a network.</summary>
    /// <param name="net">The network, with its weights loaded.</param>
    /// <param name="weights">The weight files, for the message.</param>
    /// <exception cref="CortadoException">A layer has weights that are NaN or infinite; the message names the first one.</exception>
    public static void Check(Net net, string weights)
    {
        foreach (NetLayer placed in net.Layers)
            for (int i = 0; i < placed.Layer.Blobs.Count; i++)
            {
                Blob blob = placed.Layer.Blobs[i];
                int broken = 0;
                foreach (float value in blob.ReadData())
                    if (!float.IsFinite(value)) broken++;
                if (broken > 0)
                {
                    throw new CortadoException($"{weights}: {broken} of the {blob.Count} {(i == 0 ? "weights" : "biases")} of layer '{placed.Layer.Name}' are not finite (NaN or infinite), so every answer would be nan. " +
                        "The training that wrote them had diverged. Take an earlier snapshot ('cortado inspect' shows which are finite), and run 'cortado doctor --solver F' before training again.");
                }
            }
    }
}
