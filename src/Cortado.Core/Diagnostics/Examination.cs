using Cortado.Formats;

namespace Cortado.Diagnostics;

/// <summary>Everything that the rules look at: the files, what the databases hold, what the first batch did.</summary>
public sealed class Examination
{
    internal Examination(TrainingFiles files, IReadOnlyList<DataSample> samples, FirstBatchProbe? probe, bool startsFromWeights)
    {
        StartsFromWeights = startsFromWeights;
        Files = files;
        Samples = samples;
        Probe = probe;
    }

    /// <summary>The files.</summary>
    public TrainingFiles Files { get; }

    /// <summary>The solver.</summary>
    public SolverParameter Solver => Files.Solver.Message;

    /// <summary>One look through the database of each Data layer, of every phase.</summary>
    public IReadOnlyList<DataSample> Samples { get; }

    /// <summary>The first batch; null when it was not run.</summary>
    public FirstBatchProbe? Probe { get; }

    /// <summary>Whether the training goes on from trained weights.</summary>
    public bool StartsFromWeights { get; }

    /// <summary>Whether the solver divides each weight's step by its own gradient history, so that the input's scale does not matter.</summary>
    public bool IsAdaptive => Solver.Type is "Adam" or "AdaGrad" or "RMSProp" or "AdaDelta";

    /// <summary>The training network's layers with weights that learn.</summary>
    public IEnumerable<LayerParameter> LearningLayers()
    {
        foreach (LayerParameter layer in Files.TrainLayers())
            if (layer.Type is "Convolution" or "Deconvolution" or "InnerProduct" && (layer.Param.Count == 0 || layer.Param[0].LrMult != 0))
                yield return layer;
    }

    /// <summary>Data layers of every phase, with the network that they stand in.</summary>
    public IEnumerable<(NetText Net, LayerParameter Layer)> DataLayers()
    {
        var seen = new HashSet<LayerParameter>(ReferenceEquality.Instance);
        foreach (LayerParameter layer in Files.TrainLayers())
            if (HasTransform(layer) && seen.Add(layer)) yield return (Files.Train, layer);
        foreach (NetText test in Files.Tests)
            foreach (LayerParameter layer in test.LayersIn(new NetState { Phase = Phase.Test }))
                if (HasTransform(layer) && seen.Add(layer)) yield return (test, layer);
    }

    private static bool HasTransform(LayerParameter layer) => layer.Type is "Data" or "ImageData";

    private sealed class ReferenceEquality : IEqualityComparer<LayerParameter>
    {
        public static readonly ReferenceEquality Instance = new();

        public bool Equals(LayerParameter? x, LayerParameter? y) => ReferenceEquals(x, y);

        public int GetHashCode(LayerParameter obj) => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(obj);
    }
}

/// <summary>One thing to look for before a training starts.</summary>
public interface IRule
{
    /// <summary>The rule's name, as findings give it.</summary>
    string Id { get; }

    /// <summary>What it found.</summary>
    IEnumerable<Finding> Check(Examination examination);
}
