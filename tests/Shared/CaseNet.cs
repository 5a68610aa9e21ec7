using System.Globalization;
using System.Text;
using Cortado.Backends;
using Cortado.Formats;
using Cortado.Nets;
using Cortado.Tensors;

namespace Cortado.Tests;

/// <summary>
/// The network of a <see cref="GradientCase"/> with inputs, weights and a random projection of its outputs: the objective whose gradient its
/// backward pass computes. A loss counts with its own weight.
/// </summary>
public sealed class CaseNet : IDisposable
{
    private readonly Random _random;
    private long[] _cursors;

    /// <summary>Builds and fills the network.</summary>
    /// <param name="described">The layer and its inputs.</param>
    /// <param name="backend">The backend that computes.</param>
    /// <param name="seed">The seed of inputs, weights and projection.</param>
    /// <param name="forceBackward">Whether every bottom gets a gradient.</param>
    public CaseNet(GradientCase described, IBackend backend, int seed, bool forceBackward = true)
    {
        Case = described;
        _random = new Random(seed);
        Net = Net.Build(NetFile.Parse(Prototxt(described, forceBackward), described.Name).Message, new NetOptions
        {
            Backend = backend,
            State = new NetState { Phase = described.Phase },
            Seed = (ulong)seed,
        });
        _cursors = Net.Layers.Select(layer => layer.Layer.Cursor).ToArray();
        FillInputs();
        foreach (LearnableParam param in Net.Params) Fill(param.Blob, described.ParamLow, described.ParamHigh);
        Forward();
        Projection = Net.Outputs.Select(Project).ToArray();
    }

    /// <summary>What was built.</summary>
    public GradientCase Case { get; }

    /// <summary>The network.</summary>
    public Net Net { get; }

    /// <summary>For each output, the factor of each of its values in the objective.</summary>
    public float[][] Projection { get; private set; }

    /// <summary>Runs forward with the same random numbers each time: a Dropout keeps its mask.</summary>
    public void Forward()
    {
        for (int i = 0; i < _cursors.Length; i++) Net.Layers[i].Layer.Cursor = _cursors[i];
        Net.WeightsChanged();
        Net.Forward();
    }

    /// <summary>Runs backward from the objective.</summary>
    /// <param name="scale">Scales what the outputs are given.</param>
    public void Backward(float scale = 1)
    {
        for (int i = 0; i < Projection.Length; i++)
        {
            Span<float> diff = Net.Outputs[i].WriteDiff();
            for (int j = 0; j < diff.Length; j++) diff[j] = Projection[i][j] * scale;
        }
        Net.Backward();
    }

    /// <summary>Gives the network other inputs of other shapes, and the values, weights and projection of another network of the same layers.</summary>
    public void Become(CaseNet other)
    {
        foreach (GradientInput input in Case.Inputs)
        {
            Blob from = other.Net.Blob(input.Name), to = Net.Blob(input.Name);
            to.Reshape(from.Shape);
            from.ReadData().CopyTo(to.WriteData());
        }
        for (int i = 0; i < Net.Params.Count; i++) other.Net.Params[i].Blob.ReadData().CopyTo(Net.Params[i].Blob.WriteData());
        _cursors = other._cursors;
        Projection = other.Projection;
    }

    /// <inheritdoc/>
    public void Dispose() => Net.Dispose();

    private static string Prototxt(GradientCase described, bool forceBackward)
    {
        var text = new StringBuilder(forceBackward ? "force_backward: true " : "").Append("layer { name: \"inputs\" type: \"Input\"");
        foreach (GradientInput input in described.Inputs) text.Append($" top: \"{input.Name}\"");
        text.Append(" input_param {");
        foreach (GradientInput input in described.Inputs)
            text.Append($" shape {{{string.Concat(input.Shape.Select(dim => string.Create(CultureInfo.InvariantCulture, $" dim: {dim}")))} }}");
        return text.Append(" } }\n").Append(described.Layers).ToString();
    }

    // Reals lie on a shuffled grid, apart from each other and from zero, so that maxima have no ties.
    private void FillInputs()
    {
        int total = Case.Inputs.Where(input => input.Classes == 0).Sum(input => Net.Blob(input.Name).Count);
        int[] places = Enumerable.Range(0, total).ToArray();
        _random.Shuffle(places);
        int next = 0;
        foreach (GradientInput input in Case.Inputs)
        {
            Span<float> data = Net.Blob(input.Name).WriteData();
            for (int i = 0; i < data.Length; i++)
                data[i] = input.Classes > 0 ? _random.Next(input.Classes)
                    : (float)(input.Low + (input.High - input.Low) * (places[next++] + 0.37) / total);
        }
    }

    private void Fill(Blob blob, double low, double high)
    {
        Span<float> data = blob.WriteData();
        for (int i = 0; i < data.Length; i++) data[i] = (float)(low + (high - low) * _random.NextDouble());
    }

    private float[] Project(Blob output)
    {
        foreach (NetLayer layer in Net.Layers)
            for (int i = 0; i < layer.Tops.Length; i++)
                if (layer.Tops[i] == output && layer.LossWeights[i] != 0) return Enumerable.Repeat(layer.LossWeights[i], output.Count).ToArray();
        float[] projection = new float[output.Count];
        for (int i = 0; i < projection.Length; i++)
            projection[i] = (float)((0.5 + _random.NextDouble()) * (_random.Next(2) == 0 ? 1 : -1));
        return projection;
    }
}
