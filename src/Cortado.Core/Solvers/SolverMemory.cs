using Cortado.Formats;
using Cortado.Nets;
using Cortado.Tensors;

namespace Cortado.Solvers;

/// <summary>
/// Everything of a solver that a checkpoint holds, and the way there and back. The two ways list the same arrays in the same
/// order; that is why they stand together.
/// </summary>
internal sealed class SolverMemory
{
    private readonly SolverNets _nets;
    private readonly SolverParameter _solver;
    private readonly IReadOnlyList<Blob> _history;
    private readonly SmoothedLoss _smoothed;

    public SolverMemory(SolverParameter solver, SolverNets nets, IReadOnlyList<Blob> history, SmoothedLoss smoothed)
    {
        _solver = solver;
        _nets = nets;
        _history = history;
        _smoothed = smoothed;
    }

    /// <summary>Writes a checkpoint; an existing file is replaced only when all is on disk.</summary>
    public void Write(string path, int iteration, int currentStep, ulong seed)
    {
        var header = new CheckpointHeader
        {
            Iteration = iteration,
            CurrentStep = currentStep,
            Seed = seed,
            SolverType = _solver.Type,
            Network = _nets.Train.Name,
            AverageLoss = _smoothed.Size,
            LossesAdded = _smoothed.Added,
            SmoothedLoss = _smoothed.Value,
            LossWindow = _smoothed.Window.ToArray(),
            HistoryHash = CheckpointWriter.HashOf(_history),
            Weights = _nets.Train.Params.Count,
            History = _history.Count,
        };
        header.Cursors.Add(CursorsOf(_nets.Train));
        foreach (Net test in _nets.Tests) header.Cursors.Add(CursorsOf(test));
        AtomicFile.Write(path, stream => CheckpointWriter.Write(stream, header, Blobs()));
    }

    /// <summary>Takes everything over from a checkpoint.</summary>
    /// <exception cref="CortadoException">It is of another network or update rule.</exception>
    public void Read(CheckpointReader checkpoint, string path)
    {
        CheckpointHeader header = checkpoint.Header;
        if (header.SolverType != _solver.Type)
            throw new CortadoException($"{path} is a checkpoint of a training with type {header.SolverType}, the solver has type {_solver.Type}; expected the same. To start from its weights only, give the .caffemodel beside it as --weights.");
        int weights = _nets.Train.Params.Count;
        if (header.Weights != weights || header.History != _history.Count)
            throw new CortadoException($"{path} is a checkpoint of another network: it has {header.Weights} arrays of weights and {header.History} of history, this network {weights} and {_history.Count}. To start from its weights only, give the .caffemodel beside it as --weights.");
        checkpoint.ReadBlobs(Blobs());
        _nets.WeightsChanged();
        for (int i = 0; i < header.Cursors.Count && i <= _nets.Tests.Count; i++)
            SetCursors(i == 0 ? _nets.Train : _nets.Tests[i - 1], header.Cursors[i]);
        _smoothed.Restore(header.LossWindow, header.AverageLoss, header.LossesAdded, header.SmoothedLoss);
    }

    /// <summary>Takes weights and history over from a .solverstate and the weight file that it names.</summary>
    /// <exception cref="CortadoException">They do not fit the network, or the weight file is not there.</exception>
    public WeightReport? Read(SolverStateFile state)
    {
        if (state.History.Count != _history.Count)
            throw new CortadoException($"{state.FileName} has {state.History.Count} history arrays; {_solver.Type} on this network has {_history.Count}. It is of another network or of another solver type.");
        for (int i = 0; i < _history.Count; i++)
            if (!state.History[i].ShapeEquals(_history[i].Shape.ToArray()))
                throw new CortadoException($"{state.FileName}: history array {i} has the shape {string.Join("x", state.History[i].Shape)}; this network needs {string.Join("x", _history[i].Shape.ToArray())}.");
        WeightReport? report = state.LearnedNet.Length == 0 ? null : WeightLoader.Load(_nets.Train, LearnedNet(state));
        for (int i = 0; i < _history.Count; i++) state.History[i].CopyTo(_history[i].WriteData());
        _nets.WeightsChanged();
        return report;
    }

    // The name stands as the prefix was written: relative to the folder in which that training ran, which may be another one now.
    private static string LearnedNet(SolverStateFile state)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(state.FileName)) ?? ".";
        string file = Path.GetFileName(state.LearnedNet.Replace('\\', '/'));
        string[] places = { state.LearnedNet, Path.Combine(folder, state.LearnedNet), Path.Combine(folder, file) };
        foreach (string place in places)
            if (File.Exists(place)) return place;
        throw new CortadoException($"{state.FileName} names the weight file '{state.LearnedNet}', which was not found: there is nothing at {Path.GetFullPath(places[0])} nor at {places[2]}.");
    }

    private static Dictionary<string, long> CursorsOf(Net net)
    {
        var cursors = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (NetLayer layer in net.Layers)
            if (layer.Layer.Cursor != 0) cursors[layer.Layer.Name] = layer.Layer.Cursor;
        return cursors;
    }

    private static void SetCursors(Net net, Dictionary<string, long> cursors)
    {
        foreach (NetLayer layer in net.Layers)
        {
            cursors.TryGetValue(layer.Layer.Name, out long cursor);
            if (layer.Layer.Cursor != cursor) layer.Layer.Cursor = cursor;
        }
    }

    private List<(string Name, Blob Blob)> Blobs()
    {
        var blobs = new List<(string, Blob)>();
        foreach (LearnableParam param in _nets.Train.Params)
            blobs.Add((FormattableString.Invariant($"{_nets.Train.Layers[param.Layer].Layer.Name}[{param.Index}]"), param.Blob));
        for (int i = 0; i < _history.Count; i++) blobs.Add((FormattableString.Invariant($"history[{i}]"), _history[i]));
        return blobs;
    }
}
