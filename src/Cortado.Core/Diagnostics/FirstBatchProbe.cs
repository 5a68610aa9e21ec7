using Cortado.Formats;
using Cortado.Layers;
using Cortado.Nets;
using Cortado.Tensors;

namespace Cortado.Diagnostics;

/// <summary>
/// One forward and one backward pass of the training network over its first batch, before anything was learnt: what the input
/// looks like after its transform, what the loss is, and where a number stops being finite.
/// </summary>
public sealed class FirstBatchProbe : INetObserver
{
    private FirstBatchProbe() { }

    /// <summary>Why the passes could not be run; null where they could.</summary>
    public string? Failure { get; private set; }

    /// <summary>The data layers' first tops, by layer name.</summary>
    public Dictionary<string, BlobStatistics> Inputs { get; } = new(StringComparer.Ordinal);

    /// <summary>Each loss layer's value, by layer name, without its weight.</summary>
    public Dictionary<string, float> Losses { get; } = new(StringComparer.Ordinal);

    /// <summary>For each loss layer over scores of classes, how many classes there are.</summary>
    public Dictionary<string, int> Classes { get; } = new(StringComparer.Ordinal);

    /// <summary>For each layer with weights, root mean square of weights and of their gradient.</summary>
    public Dictionary<string, (double Weight, double Gradient)> Weights { get; } = new(StringComparer.Ordinal);

    /// <summary>The first layer, in order of computation, that gave a number that is not finite; null where all are.</summary>
    public string? NonFinite { get; private set; }

    /// <summary>Runs the passes.</summary>
    public static FirstBatchProbe Run(TrainingFiles files, DoctorOptions options, IReadOnlyList<string> weights)
    {
        var probe = new FirstBatchProbe();
        try
        {
            NetParameter net = Limited(files.Train.Net, options.ProbeBatch);
            var netOptions = new NetOptions
            {
                Backend = options.Backend,
                State = files.Train.State,
                Seed = options.Seed,
                Fusion = false,
                PlanBackward = true,
                Databases = options.Databases,
                FileName = files.Train.FileName,
                Locations = files.Train.Locations,
            };
            using Net built = Net.Build(net, netOptions);
            foreach (string file in weights) WeightLoader.Load(built, file);
            built.Observer = probe;
            built.Forward();
            built.ClearParamDiffs();
            built.Backward();
            probe.MeasureWeights(built);
        }
        catch (CortadoException error) when (error is not DeviceException)
        {
            probe.Failure = error.Message;
        }
        return probe;
    }

    void INetObserver.AfterForward(Net net, int index)
    {
        NetLayer placed = net.Layers[index];
        for (int i = 0; i < placed.Tops.Length; i++) Look(placed, placed.Tops[i].ReadData(), $"top '{placed.Tops[i].Name}'");
        if (placed.Bottoms.Length == 0 && placed.Tops.Length > 0 && placed.Layer.Type != "Parameter")
            Inputs[placed.Layer.Name] = BlobStatistics.Of(placed.Tops[0].ReadData());
        if (placed.LossWeights.Length == 0 || placed.LossWeights[0] == 0 || placed.Tops[0].Count != 1) return;
        Losses[placed.Layer.Name] = placed.Tops[0].ReadData()[0];
        if (placed.Layer is SoftmaxWithLossLayer) Classes[placed.Layer.Name] = ClassCount(placed);
    }

    void INetObserver.AfterBackward(Net net, int index)
    {
        NetLayer placed = net.Layers[index];
        for (int i = 0; i < placed.Bottoms.Length; i++)
            if (placed.PropagateDown[i]) Look(placed, placed.Bottoms[i].ReadDiff(), $"gradient of '{placed.Bottoms[i].Name}'");
    }

    internal static int ClassCount(NetLayer loss)
    {
        Shape scores = loss.Bottoms[0].Shape;
        int axis = loss.Layer.Parameter.SoftmaxParam?.Axis ?? 1;
        return scores[axis];
    }

    private static NetParameter Limited(NetParameter net, int batch)
    {
        NetParameter limited = net.Clone();
        for (int i = 0; i < limited.Layer.Count; i++)
            if (limited.Layer[i].DataParam?.BatchSize > batch || limited.Layer[i].ImageDataParam?.BatchSize > batch)
                limited.Layer[i] = BatchOverride.Apply(limited.Layer[i], batch);
        return limited;
    }

    private void Look(NetLayer placed, ReadOnlySpan<float> values, string what)
    {
        if (NonFinite != null) return;
        BlobStatistics statistics = BlobStatistics.Of(values);
        if (statistics.NonFinite > 0)
            NonFinite = FormattableString.Invariant($"layer '{placed.Layer.Name}' ({placed.Layer.Type}), {what}: {statistics.NonFinite} of {statistics.Count} values");
    }

    private void MeasureWeights(Net net)
    {
        foreach (NetLayer placed in net.Layers)
        {
            if (placed.Layer.Blobs.Count == 0 || !placed.NeedsBackward) continue;
            Blob weights = placed.Layer.Blobs[0];
            Weights[placed.Layer.Name] = (BlobStatistics.Of(weights.ReadData()).Rms, BlobStatistics.Of(weights.ReadDiff()).Rms);
        }
    }
}
