using Cortado.Formats;

namespace Cortado.Nets;

/// <summary>
/// Inserts a Split layer wherever a top is used more than once, with Caffe's names, so that each use has its own gradient and
/// their sum goes back.
/// </summary>
public sealed class SplitInserter
{
    private readonly NetParameter _net;
    private readonly Dictionary<(int Layer, int Bottom), (int Layer, int Top)> _sources = new();
    private readonly Dictionary<(int Layer, int Top), int> _uses = new();
    private readonly Dictionary<(int Layer, int Top), float> _lossWeights = new();
    private readonly Func<LayerParameter, string?>? _place;

    private SplitInserter(NetParameter net, Func<LayerParameter, string?>? place) => (_net, _place) = (net, place);

    /// <summary>Which layer of the given network each layer of the result came from; an inserted Split has none.</summary>
    public Dictionary<LayerParameter, LayerParameter> Origins { get; } = new(ReferenceComparer.Instance);

    /// <summary>The network with splits.</summary>
    public NetParameter Result { get; private set; } = null!;

    /// <summary>Inserts the splits that the network needs. Layers of the result are copies.</summary>
    /// <param name="net">The network.</param>
    /// <param name="place">Where a layer stands, file and line, for errors; null where nobody knows.</param>
    /// <exception cref="CortadoException">A bottom is no earlier layer's top.</exception>
    public static SplitInserter Apply(NetParameter net, Func<LayerParameter, string?>? place = null)
    {
        var inserter = new SplitInserter(net, place);
        inserter.CountUses();
        inserter.Insert();
        return inserter;
    }

    /// <summary>The name of an inserted layer.</summary>
    public static string LayerName(string layer, string blob, int top) => $"{blob}_{layer}_{top}_split";

    /// <summary>The name of an inserted layer's top.</summary>
    public static string BlobName(string layer, string blob, int top, int use) => $"{blob}_{layer}_{top}_split_{use}";

    private void CountUses()
    {
        var lastTop = new Dictionary<string, (int Layer, int Top)>(StringComparer.Ordinal);
        for (int i = 0; i < _net.Layer.Count; i++)
        {
            LayerParameter layer = _net.Layer[i];
            for (int j = 0; j < layer.Bottom.Count; j++)
            {
                if (!lastTop.TryGetValue(layer.Bottom[j], out (int, int) source))
                    throw new CortadoException((_place?.Invoke(layer) is { } place ? place + ": " : "") + UnknownBottom(layer, j, lastTop.Keys));
                _sources[(i, j)] = source;
                AddUse(source);
            }
            for (int j = 0; j < layer.Top.Count; j++) lastTop[layer.Top[j]] = (i, j);
            for (int j = 0; j < Math.Min(layer.LossWeight.Count, layer.Top.Count); j++)
            {
                if (layer.LossWeight[j] == 0) continue;
                _lossWeights[(i, j)] = layer.LossWeight[j];
                AddUse((i, j));
            }
        }
    }

    private void AddUse((int, int) top) => _uses[top] = Uses(top) + 1;

    private int Uses((int, int) top) => _uses.TryGetValue(top, out int uses) ? uses : 0;

    private void Insert()
    {
        Result = PhaseFilter.Skeleton(_net);
        var nextUse = new Dictionary<(int, int), int>();
        for (int i = 0; i < _net.Layer.Count; i++)
        {
            LayerParameter layer = _net.Layer[i].Clone();
            Origins[layer] = _net.Layer[i];
            Result.Layer.Add(layer);
            for (int j = 0; j < layer.Bottom.Count; j++)
            {
                (int Layer, int Top) source = _sources[(i, j)];
                if (Uses(source) < 2) continue;
                nextUse.TryGetValue(source, out int use);
                nextUse[source] = use + 1;
                layer.Bottom[j] = BlobName(_net.Layer[source.Layer].Name, layer.Bottom[j], source.Top, use);
            }
            for (int j = 0; j < layer.Top.Count; j++)
            {
                int uses = Uses((i, j));
                if (uses < 2) continue;
                _lossWeights.TryGetValue((i, j), out float lossWeight);
                Result.Layer.Add(Split(layer, j, uses, lossWeight));
                if (lossWeight == 0) continue;
                layer.LossWeight.Clear();
                nextUse[(i, j)] = 1;
            }
        }
    }

    private static LayerParameter Split(LayerParameter layer, int top, int uses, float lossWeight)
    {
        string blob = layer.Top[top];
        var split = new LayerParameter { Name = LayerName(layer.Name, blob, top), Type = "Split" };
        split.Bottom.Add(blob);
        for (int use = 0; use < uses; use++)
        {
            split.Top.Add(BlobName(layer.Name, blob, top, use));
            if (lossWeight != 0) split.LossWeight.Add(use == 0 ? lossWeight : 0);
        }
        return split;
    }

    private static string UnknownBottom(LayerParameter layer, int bottom, ICollection<string> known)
    {
        string found = known.Count == 0 ? "no blob has been made before it" : "blobs made before it: " + string.Join(", ", known);
        string near = NearestName.Find(layer.Bottom[bottom], known) is { } name ? $" Did you mean '{name}'?" : "";
        return $"layer '{layer.Name}': unknown bottom blob '{layer.Bottom[bottom]}' (bottom {bottom}); {found}.{near}";
    }
}
