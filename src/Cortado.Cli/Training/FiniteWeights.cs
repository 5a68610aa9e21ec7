using Cortado.Nets;
using Cortado.Tensors;

namespace Cortado.Cli.Training;

/// <summary>Refuses weights that a diverged training left behind: a network with them answers nan, or worse, something that looks right.</summary>
internal static class FiniteWeights
{
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
