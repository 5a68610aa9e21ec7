using System.Globalization;
using Cortado.Formats;
using Cortado.Nets;
using Cortado.Tensors;

namespace Cortado.Solvers;

/// <summary>
/// Writes snapshots with Caffe's names and layouts, and the checkpoint beside them. Each file appears whole or not at all, and
/// in an order that leaves something whole to go on from at any moment: an old .solverstate of the same name goes first, then
/// come the checkpoint (complete in itself), the weights, and last the .solverstate that names them.
/// </summary>
internal sealed class SnapshotWriter
{
    private static readonly TimeSpan LeftoverAge = TimeSpan.FromMinutes(10);

    private readonly Solver _solver;
    private readonly string? _prefix;
    private readonly SolverMemory _memory;
    private readonly ParamNorms _norms;

    public SnapshotWriter(Solver solver, string? solverFile, SolverMemory memory, ParamNorms norms)
    {
        _solver = solver;
        _memory = memory;
        _norms = norms;
        SolverParameter parameter = solver.Parameter;
        _prefix = solverFile != null ? SolverFile.SnapshotPrefix(parameter, solverFile) : parameter.HasSnapshotPrefix ? parameter.SnapshotPrefix : null;
    }

    /// <summary>Whether snapshots have a name.</summary>
    public bool HasPrefix => _prefix != null;

    /// <summary>Says before the training what would go wrong when the first snapshot is written.</summary>
    /// <exception cref="CortadoException">The format is HDF5, the prefix is missing, or nothing can be written there.</exception>
    public void Check()
    {
        if (_solver.Parameter.SnapshotFormat == SolverParameter.Types.SnapshotFormat.Hdf5)
            throw new CortadoException("The solver asks for snapshot_format: HDF5, which is not supported; expected BINARYPROTO. Remove the line: Caffe reads BINARYPROTO too.");
        string probe = Name(_solver.Iteration, healthy: true, ".tempfile");
        try
        {
            using (new FileStream(probe, FileMode.Create, FileAccess.Write)) { }
            File.Delete(probe);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CortadoException($"Snapshots cannot be written as '{_prefix}_iter_N': {error.Message} Make the folder {Path.GetDirectoryName(Path.GetFullPath(_prefix!))} and give it write permission, or change snapshot_prefix.", error);
        }
        AtomicFile.RemoveLeftovers(_prefix + "_iter_", LeftoverAge);
        AtomicFile.RemoveLeftovers(_prefix + "_diverged_iter_", LeftoverAge);
    }

    /// <summary>Writes a snapshot of the solver as it stands.</summary>
    public SnapshotFiles Write()
    {
        bool healthy = _norms.FirstNonFinite() == null && _norms.AreFinite(_solver.History);
        int iteration = _solver.Iteration;
        var files = new SnapshotFiles(iteration, Name(iteration, healthy, ".caffemodel"), Name(iteration, healthy, ".solverstate"), Name(iteration, healthy, ".cortado"), healthy);
        foreach (SolverObserver observer in _solver.Observers) observer.SnapshotStarting(_solver, files);
        DeleteOld(files.State);
        _memory.Write(files.Checkpoint, iteration, _solver.CurrentStep, _solver.Seed);
        WeightSaver.Save(_solver.Net, files.Model);
        SolverStateFile.Write(files.State, iteration, files.Model, _solver.CurrentStep, HistoryArrays());
        foreach (SolverObserver observer in _solver.Observers) observer.SnapshotDone(_solver, files);
        return files;
    }

    private static void DeleteOld(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CortadoException($"{path}: the old file cannot be replaced: {error.Message}", error);
        }
    }

    private string Name(int iteration, bool healthy, string extension) => _prefix == null
        ? throw new CortadoException("The solver writes snapshots, but snapshot_prefix is missing; add one, such as snapshot_prefix: \"snapshot\".")
        : _prefix + (healthy ? "_iter_" : "_diverged_iter_") + iteration.ToString(CultureInfo.InvariantCulture) + extension;

    private WeightArray[] HistoryArrays()
    {
        var arrays = new WeightArray[_solver.History.Count];
        for (int i = 0; i < arrays.Length; i++)
        {
            Blob blob = _solver.History[i];
            arrays[i] = new WeightArray(blob.Shape.ToArray(), blob.ReadData);
        }
        return arrays;
    }
}
