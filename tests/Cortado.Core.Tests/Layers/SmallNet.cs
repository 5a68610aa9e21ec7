using Cortado.Backends;
using Cortado.Backends.Cpu;
using Cortado.Formats;
using Cortado.Nets;
using Cortado.Tensors;

namespace Cortado.Tests.Layers;

/// <summary>A network of a line or two of prototxt, with its inputs and everything it owns.</summary>
internal sealed class SmallNet : IDisposable
{
    private readonly IBackend _backend;

    /// <summary>Builds the network.</summary>
    /// <param name="layers">Layers in prototxt, without the inputs.</param>
    /// <param name="inputs">Names and shapes: <c>x 2 3 4</c>.</param>
    public SmallNet(string layers, string[] inputs, Phase phase = Phase.Train, IBackend? backend = null)
    {
        _backend = backend ?? new CpuBackend(2);
        string text = string.Concat(inputs.Select(Input)) + layers;
        try
        {
            Net = Net.Build(NetFile.Parse(text, "small.prototxt").Message, new NetOptions { Backend = _backend, State = new NetState { Phase = phase } });
        }
        catch
        {
            _backend.Dispose();
            throw;
        }
    }

    public Net Net { get; }

    /// <summary>Gives a blob its values.</summary>
    public SmallNet Set(string name, params float[] values)
    {
        values.CopyTo(Net.Blob(name).WriteData());
        return this;
    }

    /// <summary>Fills a blob with numbers in [-1, 1) that only the seed decides.</summary>
    public SmallNet Randomize(string name, int seed)
    {
        Fill(Net.Blob(name).WriteData(), seed);
        return this;
    }

    public static void Fill(Span<float> values, int seed)
    {
        var random = new CounterRandom((ulong)seed, 0);
        for (int i = 0; i < values.Length; i++) values[i] = 2 * random.Uniform((ulong)i) - 1;
    }

    public SmallNet Forward()
    {
        Net.Forward();
        return this;
    }

    public float[] Data(string name) => Net.Blob(name).ReadData().ToArray();

    public float[] Diff(string name) => Net.Blob(name).ReadDiff().ToArray();

    public float[] ParamDiff(string layer, int index) => Net.FindLayer(layer)!.Layer.Blobs[index].ReadDiff().ToArray();

    public void Dispose()
    {
        Net.Dispose();
        _backend.Dispose();
    }

    private static string Input(string described)
    {
        string[] words = described.Split(' ');
        return $"layer {{ name: \"in_{words[0]}\" type: \"Input\" top: \"{words[0]}\" input_param {{ shape {{ {string.Concat(words.Skip(1).Select(dim => $"dim: {dim} "))}}} }} }}\n";
    }
}
