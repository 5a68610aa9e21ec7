using Cortado.Backends;
using Cortado.Formats;
using Cortado.Layers;
using Cortado.Tensors;

namespace Cortado.Nets;

/// <summary>Runs a network on a backend that only counts, so that all is asked for that a real run asks for.</summary>
internal static class NetRehearsal
{
    /// <summary>
    /// What a network takes that is built with these options and run forward, or forward and backward; null where it cannot be
    /// built, which building it will say better.
    /// </summary>
    public static MemoryPlan? Plan(NetParameter prototxt, NetOptions options, int? batch)
    {
        if (options.Backend is not IMemoryBound bound) return null;
        using IRehearsal rehearsal = bound.BeginRehearsal();
        try
        {
            using Net net = Net.Build(batch is { } items ? BatchOverride.Apply(prototxt, items) : prototxt, options with { Backend = rehearsal, PlanMemory = false });
            Forward(net);
            if (options.PlanBackward) Backward(net);
            return new MemoryPlan(rehearsal.PeakBytes, rehearsal.LargestBufferBytes, BatchOf(net));
        }
        catch (CortadoException)
        {
            return null;
        }
    }

    /// <summary>The forward pass.</summary>
    public static void Forward(Net net)
    {
        foreach (NetLayer layer in net.Layers)
        {
            if (layer.FusedAway) continue;
            if (layer.Bottoms.Length == 0)
            {
                // What reads batches has become an input.
                foreach (Blob top in layer.Tops)
                {
                    if (layer.Layer is InputLayer or MemoryDataLayer) top.Data.ExpectStream();
                    else _ = top.Data;
                }
            }
            else if (layer.FallsBack)
            {
                foreach (Blob bottom in layer.Bottoms) _ = bottom.Data;
                foreach (Blob top in layer.Tops) _ = top.Data;
                foreach (Blob blob in layer.Layer.Blobs) _ = blob.Data;
                foreach (Blob scratch in layer.Layer.ScratchBlobs) _ = scratch.Data;
            }
            else
            {
                layer.Layer.Forward(layer.Bottoms, layer.Tops);
            }
        }
    }

    /// <summary>The backward pass.</summary>
    public static void Backward(Net net)
    {
        for (int i = net.Layers.Count - 1; i >= 0; i--)
        {
            NetLayer layer = net.Layers[i];
            if (!layer.NeedsBackward) continue;
            if (layer.FallsBack)
            {
                foreach (Blob top in layer.Tops) _ = top.Diff;
                for (int j = 0; j < layer.Bottoms.Length; j++)
                    if (layer.PropagateDown[j]) _ = layer.Bottoms[j].Diff;
                foreach (Blob blob in layer.Layer.Blobs) _ = blob.Diff;
                foreach (Blob scratch in layer.Layer.ScratchBlobs) _ = scratch.Diff;
            }
            else
            {
                layer.Layer.Backward(layer.Tops, layer.PropagateDown, layer.Bottoms);
            }
        }
    }

    /// <summary>Items in a batch: the first extent of the first blob.</summary>
    public static int BatchOf(Net net) => net.Blobs.Count > 0 && net.Blobs[0].Shape.Rank > 0 ? net.Blobs[0].Shape[0] : 1;

    /// <summary>
    /// The network with Input layers of the same shapes in place of layers that read batches, so that sources are opened once and not for every
    /// batch size that is tried. Null where a source cannot be opened.
    /// </summary>
    public static NetParameter? WithoutSources(NetParameter prototxt, NetOptions options)
    {
        try
        {
            NetParameter filtered = PhaseFilter.Apply(prototxt, options.State), copy = PhaseFilter.Skeleton(filtered);
            foreach (LayerParameter layer in filtered.Layer) copy.Layer.Add(layer.Type is "Data" or "ImageData" ? InputLike(layer, options) : layer);
            return copy;
        }
        catch (CortadoException)
        {
            return null;
        }
    }

    private static LayerParameter InputLike(LayerParameter source, NetOptions options)
    {
        uint batch = source.Type == "Data" ? source.DataParam?.BatchSize ?? 1 : source.ImageDataParam?.BatchSize ?? 1;
        // One item tells the shape; buffers for whole batches are not wanted here.
        LayerParameter single = BatchOverride.Apply(source, 1);
        var context = new LayerContext
        {
            Backend = options.Backend,
            Phase = options.State.Phase,
            Seed = options.Seed,
            Databases = options.Databases,
            PrefetchThreads = 1,
            Paths = new PathResolver(options.FileName),
        };
        using Layer layer = LayerCatalog.Create(single, context);
        var tops = new Blob[source.Top.Count];
        for (int i = 0; i < tops.Length; i++) tops[i] = new Blob(source.Top[i], options.Backend);
        layer.SetUp(Array.Empty<Blob>(), tops);
        var input = new LayerParameter { Name = source.Name, Type = "Input", InputParam = new InputParameter() };
        input.Top.AddRange(source.Top);
        foreach (Blob top in tops)
        {
            var shape = new BlobShape();
            for (int axis = 0; axis < top.Shape.Rank; axis++) shape.Dim.Add(axis == 0 ? batch : top.Shape[axis]);
            input.InputParam.Shape.Add(shape);
        }
        return input;
    }
}
