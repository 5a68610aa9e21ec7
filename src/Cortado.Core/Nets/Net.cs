using Cortado.Backends;
using Cortado.Formats;
using Cortado.Layers;
using Cortado.Tensors;

namespace Cortado.Nets;

/// <summary>
/// A network: layers in order over named blobs. It is built from a prototxt as Caffe builds it (phase filter, splits, in-place
/// layers, shared parameters) and runs forward and backward over whole batches. It belongs to one thread at a time.
/// </summary>
public sealed class Net : IDisposable
{
    private readonly NetLayer[] _layers;
    private readonly LearnableParam[] _params;
    private readonly Dictionary<string, Blob> _blobsByName;
    private readonly Dictionary<string, NetLayer> _layersByName;

    internal Net(NetBuilder built)
    {
        Backend = built.Options.Backend;
        Name = built.Plan.Name;
        Phase = built.Options.State.Phase;
        Plan = built.Plan;
        _layers = built.Layers.ToArray();
        _params = built.Params.ToArray();
        Blobs = built.Blobs.ToArray();
        Inputs = built.Inputs.ToArray();
        Outputs = built.Outputs.ToArray();
        _blobsByName = built.BlobsByName;
        _layersByName = new Dictionary<string, NetLayer>(StringComparer.Ordinal);
        foreach (NetLayer layer in _layers) _layersByName[layer.Layer.Name] = layer;
    }

    /// <summary>The network's name.</summary>
    public string Name { get; }

    /// <summary>TRAIN or TEST.</summary>
    public Phase Phase { get; }

    /// <summary>The backend that computes.</summary>
    public IBackend Backend { get; }

    /// <summary>The prototxt as it was built: filtered, with inserted splits.</summary>
    public NetParameter Plan { get; }

    /// <summary>All layers, in order.</summary>
    public IReadOnlyList<NetLayer> Layers => _layers;

    /// <summary>All blobs, in the order in which layers make them.</summary>
    public IReadOnlyList<Blob> Blobs { get; }

    /// <summary>The learnable blobs, each shared one once.</summary>
    public IReadOnlyList<LearnableParam> Params => _params;

    /// <summary>The tops of Input layers.</summary>
    public IReadOnlyList<Blob> Inputs { get; }

    /// <summary>The blobs that no layer reads, in alphabetical order as Caffe lists them.</summary>
    public IReadOnlyList<Blob> Outputs { get; }

    /// <summary>Is told of each layer as it is done; null for nobody.</summary>
    public INetObserver? Observer { get; set; }

    /// <summary>Builds a network from an upgraded prototxt.</summary>
    /// <exception cref="CortadoException">The network is wrong; the message names the layer and its place in the file.</exception>
    public static Net Build(NetParameter prototxt, NetOptions options)
    {
        if (options.PlanMemory && options.Backend is IMemoryBound)
        {
            NetParameter? planned = NetRehearsal.WithoutSources(prototxt, options);
            if (planned != null) MemoryPlan.Check(options.Backend, "The network", prototxt.Name, batch => NetRehearsal.Plan(planned, options, batch));
        }
        return new NetBuilder(prototxt, options).Build();
    }

    /// <summary>The blob of a name, or null.</summary>
    public Blob? FindBlob(string name) => _blobsByName.TryGetValue(name, out Blob? blob) ? blob : null;

    /// <summary>The layer of a name, or null.</summary>
    public NetLayer? FindLayer(string name) => _layersByName.TryGetValue(name, out NetLayer? layer) ? layer : null;

    /// <summary>The blob of a name.</summary>
    /// <exception cref="CortadoException">There is none; the message lists those there are.</exception>
    public Blob Blob(string name) => FindBlob(name)
        ?? throw new CortadoException($"The network has no blob '{name}'. It has: {string.Join(", ", _blobsByName.Keys)}.");

    /// <summary>Runs all layers forward. Bottoms whose shape changed reshape what follows.</summary>
    public void Forward()
    {
        Forward(0, _layers.Length);
        foreach (NetLayer layer in _layers)
        {
            if (!layer.HasLoss) continue;
            for (int j = 0; j < layer.Tops.Length; j++)
                if (layer.LossWeights[j] != 0) layer.Tops[j].Data.BeginHostRead();
        }
    }

    /// <summary>Runs layers [start, end) forward.</summary>
    public void Forward(int start, int end)
    {
        for (int i = start; i < end; i++)
        {
            NetLayer layer = _layers[i];
            layer.ReshapeIfNeeded();
            if (!layer.FusedAway) layer.Layer.Forward(layer.Bottoms, layer.Tops);
            Observer?.AfterForward(this, i);
        }
    }

    /// <summary>
    /// The weighted sum of the tops that count as losses, from the last forward pass. Reading it waits until a device has done that
    /// pass, not for what was given to it since.
    /// </summary>
    public float Loss()
    {
        float loss = 0;
        foreach (NetLayer layer in _layers)
        {
            if (!layer.HasLoss) continue;
            for (int j = 0; j < layer.Tops.Length; j++)
            {
                if (layer.LossWeights[j] == 0) continue;
                ReadOnlySpan<float> data = layer.Tops[j].ReadData();
                float sum = 0;
                foreach (float value in data) sum += value * layer.LossWeights[j];
                loss += sum;
            }
        }
        return loss;
    }

    /// <summary>Runs all layers backward: gradients of the loss in the blobs' and the learnable blobs' diff (these are added to).</summary>
    public void Backward() => Backward(0, _layers.Length);

    /// <summary>Runs layers [start, end) backward, the last one first.</summary>
    public void Backward(int start, int end)
    {
        for (int i = end - 1; i >= start; i--)
        {
            NetLayer layer = _layers[i];
            if (!layer.NeedsBackward) continue;
            layer.Layer.Backward(layer.Tops, layer.PropagateDown, layer.Bottoms);
            Observer?.AfterBackward(this, i);
        }
    }

    /// <summary>
    /// Runs every layer once, forward and, where the network goes backward and it is asked for, backward, and waits: so a device has compiled its kernels for the
    /// sizes at hand, and all memory is made, before the first pass that somebody waits for. The layers compute on whatever their bottoms hold; layers that
    /// read data are left out. Afterwards weights, running statistics, cursors and the network's inputs are as they were, and gradients are zero.
    /// </summary>
    /// <param name="step">Called after each of <see cref="WarmUpSteps"/>, when the device has done it; where it returns false, the rest is left out.</param>
    /// <param name="backward">Whether it is trained; a network that only tests makes no gradients.</param>
    /// <exception cref="CortadoException">The device has no room, or cannot compile a kernel.</exception>
    public void WarmUp(Func<bool>? step = null, bool backward = true)
    {
        var cursors = new long[_layers.Length];
        for (int i = 0; i < _layers.Length; i++)
            if (_layers[i].Bottoms.Length > 0) cursors[i] = _layers[i].Layer.Cursor;
        List<(Blob Blob, float[] Values)> statistics = RunningStatistics();
        INetObserver? observer = Observer;
        Observer = null;
        bool goesOn = true, wentBack = false;
        for (int i = 0; i < _layers.Length && goesOn; i++)
        {
            if (_layers[i].Bottoms.Length == 0) continue;
            Forward(i, i + 1);
            goesOn = Warmed(step);
        }
        for (int i = _layers.Length - 1; i >= 0 && goesOn && backward; i--)
        {
            if (!_layers[i].NeedsBackward) continue;
            wentBack = true;
            Backward(i, i + 1);
            goesOn = Warmed(step);
        }
        if (wentBack) ClearParamDiffs();
        Backend.Synchronize();
        Observer = observer;
        foreach ((Blob blob, float[] values) in statistics) values.CopyTo(blob.WriteData());
        for (int i = 0; i < _layers.Length; i++)
            if (_layers[i].Bottoms.Length > 0) _layers[i].Layer.Cursor = cursors[i];
    }

    /// <summary>The passes through a layer that <see cref="WarmUp"/> makes.</summary>
    public int WarmUpSteps(bool backward)
    {
        int steps = 0;
        foreach (NetLayer layer in _layers) steps += (layer.Bottoms.Length > 0 ? 1 : 0) + (backward && layer.NeedsBackward ? 1 : 0);
        return steps;
    }

    /// <summary>Sets the learnable blobs' gradients to zero.</summary>
    public void ClearParamDiffs()
    {
        foreach (LearnableParam param in _params)
            if (param.Blob.HasDiff) param.Blob.Diff.Clear();
    }

    /// <summary>Reshapes every layer now, so that shapes are known and operators prepared before the first forward pass.</summary>
    public void Reshape()
    {
        foreach (NetLayer layer in _layers) layer.Reshape();
    }

    /// <summary>Says that the weights' values changed, where they were called frozen.</summary>
    public void WeightsChanged()
    {
        foreach (NetLayer layer in _layers) layer.Layer.WeightsChanged();
    }

    /// <summary>
    /// Makes layers of this network use the memory of the layers with the same names in <paramref name="other"/>: how a test
    /// net sees the training net's weights.
    /// </summary>
    /// <exception cref="CortadoException">A layer of the same name has blobs of another number or shape.</exception>
    public void ShareTrainedLayersWith(Net other)
    {
        foreach (NetLayer source in other.Layers)
        {
            NetLayer? target = FindLayer(source.Layer.Name);
            if (target == null) continue;
            if (target.Layer.Blobs.Count != source.Layer.Blobs.Count)
                throw new CortadoException($"layer '{source.Layer.Name}' has {source.Layer.Blobs.Count} learnable blobs in the training network and {target.Layer.Blobs.Count} in the other one; expected the same number.");
            for (int i = 0; i < source.Layer.Blobs.Count; i++)
            {
                Blob theirs = source.Layer.Blobs[i], ours = target.Layer.Blobs[i];
                if (theirs.Shape != ours.Shape)
                    throw new CortadoException($"layer '{source.Layer.Name}': learnable blob {i} has shape {theirs.Shape} in the training network and {ours.Shape} in the other one; expected the same.");
                ours.ShareData(theirs);
            }
        }
    }

    // Only what is done counts as a step: a device may compile when it comes to a kernel.
    private bool Warmed(Func<bool>? step)
    {
        if (step == null) return true;
        Backend.Synchronize();
        return step();
    }

    // What a forward pass changes beside its tops.
    private List<(Blob Blob, float[] Values)> RunningStatistics()
    {
        var statistics = new List<(Blob, float[])>();
        foreach (NetLayer layer in _layers)
            if (layer.Layer is BatchNormLayer)
                foreach (Blob blob in layer.Layer.Blobs) statistics.Add((blob, blob.ReadData().ToArray()));
        return statistics;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (NetLayer layer in _layers) layer.Layer.Dispose();
        foreach (Blob blob in Blobs) blob.Dispose();
    }
}
