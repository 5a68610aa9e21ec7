using Cortado.Backends;
using Cortado.Formats;
using Cortado.Layers;
using Cortado.Tensors;

namespace Cortado.Nets;

/// <summary>Builds a <see cref="Net"/>: layers over blobs in the prototxt's order, then what the backward pass needs.</summary>
internal sealed class NetBuilder
{
    private const string AutomaticTop = "(automatic)";

    private readonly Dictionary<LayerParameter, LayerParameter> _origins;
    private readonly HashSet<string> _unread = new(StringComparer.Ordinal);
    private readonly HashSet<Blob> _gradientWanted = new();
    private readonly LayerContext _context;
    private readonly ParamTable _params;

    public NetBuilder(NetParameter prototxt, NetOptions options)
    {
        Options = options;
        NetParameter filtered = PhaseFilter.Apply(prototxt, options.State);
        SplitInserter splits = SplitInserter.Apply(filtered, PlaceOf);
        Plan = splits.Result;
        _origins = splits.Origins;
        _context = new LayerContext
        {
            Backend = options.Backend,
            Phase = options.State.Phase,
            Seed = options.Seed,
            FrozenWeights = options.FrozenWeights,
            Databases = options.Databases,
            PrefetchThreads = options.PrefetchThreads,
            Paths = new PathResolver(options.FileName),
        };
        _params = new ParamTable(Params);
    }

    public NetOptions Options { get; }

    public NetParameter Plan { get; }

    public List<NetLayer> Layers { get; } = new();

    public List<Blob> Blobs { get; } = new();

    public List<LearnableParam> Params { get; } = new();

    public List<Blob> Inputs { get; } = new();

    public List<Blob> Outputs { get; } = new();

    public Dictionary<string, Blob> BlobsByName { get; } = new(StringComparer.Ordinal);

    public Net Build()
    {
        try
        {
            foreach (LayerParameter parameter in Plan.Layer) AddLayerLocated(parameter);
            BackwardPlan.Prune(Layers);
            if (Plan.ForceBackward) BackwardPlan.Force(Layers);
            foreach (string name in Sorted(_unread)) Outputs.Add(BlobsByName[name]);
            return new Net(this);
        }
        catch
        {
            foreach (NetLayer layer in Layers) layer.Layer.Dispose();
            foreach (Blob blob in Blobs) blob.Dispose();
            throw;
        }
    }

    private static List<string> Sorted(HashSet<string> names)
    {
        var sorted = new List<string>(names);
        sorted.Sort(StringComparer.Ordinal);
        return sorted;
    }

    private void AddLayerLocated(LayerParameter parameter)
    {
        try
        {
            AddLayer(parameter);
        }
        catch (CortadoException error) when (error is not DeviceException)
        {
            // An error about shapes alone does not know whose they are.
            string named = error.Message.Contains($"'{parameter.Name}'", StringComparison.Ordinal) ? error.Message : $"layer '{parameter.Name}': {error.Message}";
            string message = Place(parameter) is { } place ? $"{place}: {named}" : named;
            if (message == error.Message) throw;
            throw new CortadoException(message, error);
        }
    }

    private string? Place(LayerParameter parameter) =>
        _origins.TryGetValue(parameter, out LayerParameter? origin) ? PlaceOf(origin) : Options.FileName;

    private string? PlaceOf(LayerParameter origin) => Options.Locations?.FindLayer(origin)?.ToString() ?? Options.FileName;

    private void AddLayer(LayerParameter parameter)
    {
        if (!parameter.HasPhase) parameter.Phase = Options.State.Phase;
        Layer layer = LayerCatalog.Create(parameter, _context);
        NetLayer placed;
        try
        {
            if (parameter.PropagateDown.Count > 0 && parameter.PropagateDown.Count != parameter.Bottom.Count)
                throw new CortadoException($"layer '{parameter.Name}' gives propagate_down {parameter.PropagateDown.Count} times; expected once for each of its {parameter.Bottom.Count} bottoms, or not at all.");
            placed = new NetLayer(layer, Bottoms(parameter), Tops(parameter, layer));
            CheckCounts(placed);
            FuseIntoPrevious(placed);
            layer.SetUp(placed.Bottoms, placed.Tops);
            SetLossWeights(placed);
            placed.Reshape();
            placed.FallsBack = Options.Backend is IRehearsal rehearsal && rehearsal.TakeFallback();
        }
        catch
        {
            layer.Dispose();
            throw;
        }
        Layers.Add(placed);
        bool needsBackward = PlanBottoms(placed) | _params.Add(placed, Layers.Count - 1);
        placed.NeedsBackward = needsBackward;
        if (!needsBackward) return;
        foreach (Blob top in placed.Tops) _gradientWanted.Add(top);
    }

    private Blob[] Bottoms(LayerParameter parameter)
    {
        var bottoms = new Blob[parameter.Bottom.Count];
        for (int i = 0; i < bottoms.Length; i++)
        {
            string name = parameter.Bottom[i];
            if (!_unread.Remove(name))
                throw new CortadoException($"layer '{parameter.Name}': bottom blob '{name}' (bottom {i}) is not available; it was never made, or already read.");
            bottoms[i] = BlobsByName[name];
        }
        return bottoms;
    }

    private Blob[] Tops(LayerParameter parameter, Layer layer)
    {
        int wanted = layer.AutoTopBlobs ? Math.Max(layer.Counts.MinTop, parameter.Top.Count) : parameter.Top.Count;
        var tops = new Blob[wanted];
        for (int i = 0; i < wanted; i++)
        {
            string name = i < parameter.Top.Count ? parameter.Top[i] : AutomaticTop;
            bool inPlace = i < parameter.Bottom.Count && i < parameter.Top.Count && name == parameter.Bottom[i];
            if (inPlace)
            {
                tops[i] = BlobsByName[name];
            }
            else if (name == AutomaticTop)
            {
                tops[i] = new Blob(name, Options.Backend);
                Blobs.Add(tops[i]);
                continue;
            }
            else
            {
                if (BlobsByName.ContainsKey(name))
                    throw new CortadoException($"layer '{parameter.Name}': top blob '{name}' is already made by another layer; expected a name of its own, or the name of bottom {i} to work in place.");
                tops[i] = new Blob(name, Options.Backend);
                Blobs.Add(tops[i]);
                BlobsByName.Add(name, tops[i]);
                if (layer.Type == "Input") Inputs.Add(tops[i]);
            }
            _unread.Add(name);
        }
        return tops;
    }

    private static void CheckCounts(NetLayer placed)
    {
        BlobCounts counts = placed.Layer.Counts;
        Check(placed, "bottom", placed.Bottoms.Length, counts.MinBottom, counts.MaxBottom);
        Check(placed, "top", placed.Tops.Length, counts.MinTop, counts.MaxTop);
        if (counts.SameNumber && placed.Bottoms.Length != placed.Tops.Length)
            throw new CortadoException($"layer '{placed.Layer.Name}' ({placed.Layer.Type}) has {placed.Bottoms.Length} bottoms and {placed.Tops.Length} tops; expected as many tops as bottoms.");
    }

    private static void Check(NetLayer placed, string side, int found, int least, int most)
    {
        if (found >= least && found <= most) return;
        string expected = least == most ? $"{least}" : most == BlobCounts.Any ? $"at least {least}" : $"{least} to {most}";
        throw new CortadoException($"layer '{placed.Layer.Name}' ({placed.Layer.Type}) has {found} {side} blobs; expected {expected}.");
    }

    private void FuseIntoPrevious(NetLayer placed)
    {
        if (!Options.Fusion || Layers.Count == 0 || placed.Layer is not ReluLayer { NegativeSlope: 0 }) return;
        NetLayer previous = Layers[Layers.Count - 1];
        bool inPlace = placed.Tops.Length == 1 && placed.Bottoms[0] == placed.Tops[0];
        if (!inPlace || !previous.Layer.CanFuseRelu || previous.Tops.Length != 1 || previous.Tops[0] != placed.Bottoms[0]) return;
        if (previous.Bottoms.Length > 0 && previous.Bottoms[0] == previous.Tops[0]) return;
        placed.FusedAway = true;
        previous.Layer.FuseRelu = true;
        previous.Reshape();
    }

    private static void SetLossWeights(NetLayer placed)
    {
        LayerParameter parameter = placed.Layer.Parameter;
        if (parameter.LossWeight.Count > 0 && parameter.LossWeight.Count != placed.Tops.Length)
            throw new CortadoException($"layer '{parameter.Name}' gives loss_weight {parameter.LossWeight.Count} times; expected once for each of its {placed.Tops.Length} tops, or not at all.");
        for (int i = 0; i < placed.Tops.Length; i++)
        {
            float weight = parameter.LossWeight.Count > 0 ? parameter.LossWeight[i] : placed.Layer.DefaultLossWeight(i);
            placed.LossWeights[i] = weight;
            placed.HasLoss |= weight != 0;
        }
        // As Caffe's layers do, a loss writes its own weight into the description, so that a saved model shows it.
        if (placed.HasLoss && parameter.LossWeight.Count == 0)
            foreach (float weight in placed.LossWeights) parameter.LossWeight.Add(weight);
    }

    private bool PlanBottoms(NetLayer placed)
    {
        LayerParameter parameter = placed.Layer.Parameter;
        bool any = false;
        for (int i = 0; i < placed.Bottoms.Length; i++)
        {
            bool wanted = parameter.PropagateDown.Count > 0 ? parameter.PropagateDown[i] : _gradientWanted.Contains(placed.Bottoms[i]);
            placed.PropagateDown[i] = wanted;
            any |= wanted;
        }
        return any;
    }
}
