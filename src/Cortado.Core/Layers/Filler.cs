using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>Fills a learnable blob with its first values.</summary>
public static class Filler
{
    /// <summary>Fills <paramref name="blob"/> as <paramref name="filler"/> says, with numbers drawn from <paramref name="random"/>.</summary>
    /// <exception cref="CortadoException">The filler's type or settings are wrong.</exception>
    public static void Fill(FillerParameter filler, Blob blob, CounterRandom random, string layerName)
    {
        switch (filler.Type)
        {
            case "constant": blob.WriteData().Fill(filler.Value); break;
            default: throw new CortadoException($"layer '{layerName}': unknown filler type \"{filler.Type}\".");
        }
    }
}
