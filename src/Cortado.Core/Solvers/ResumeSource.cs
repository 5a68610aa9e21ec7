using System.Runtime.InteropServices;
using Cortado.Formats;

namespace Cortado.Solvers;

/// <summary>
/// The snapshot that a training goes on from: a checkpoint of ours, or a .solverstate. It is opened before the networks are
/// built, because the checkpoint has their seed.
/// </summary>
internal sealed class ResumeSource : IDisposable
{
    private const string CheckpointExtension = ".cortado";

    private readonly List<string> _notes = new();
    private readonly string _path;
    private CheckpointReader? _checkpoint;
    private SolverStateFile? _state;

    private ResumeSource(string path) => _path = path;

    /// <summary>The seed of the training's random numbers, where it is known.</summary>
    public ulong? Seed => _checkpoint?.Header.Seed;

    /// <summary>Updates that had been done.</summary>
    public int Iteration => _checkpoint?.Header.Iteration ?? _state!.Iteration;

    /// <summary>Steps that the learning-rate policy had taken.</summary>
    public int CurrentStep => _checkpoint?.Header.CurrentStep ?? _state!.CurrentStep;

    /// <summary>Opens a snapshot by its .cortado or .solverstate; a checkpoint of the same moment goes before the .solverstate that it lies beside.</summary>
    /// <exception cref="CortadoException">There is none, it is damaged, or of another kind.</exception>
    public static ResumeSource Open(string path)
    {
        FileKind.RefuseFolder(path, "a .cortado checkpoint or a .solverstate");
        if (!File.Exists(path)) throw new CortadoException($"The snapshot '{path}' was not found: there is nothing at {Path.GetFullPath(path)}.");
        var source = new ResumeSource(path);
        try
        {
            if (CheckpointReader.IsCheckpoint(path) || path.EndsWith(CheckpointExtension, StringComparison.OrdinalIgnoreCase))
                source._checkpoint = CheckpointReader.Open(path);
            else
                source.OpenState();
            return source;
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>Hands everything to a solver's memory.</summary>
    public ResumeInfo Apply(SolverMemory memory)
    {
        if (_checkpoint != null)
        {
            memory.Read(_checkpoint, _path);
            return new ResumeInfo(_path, Iteration, true, _notes);
        }
        memory.Read(_state!);
        _notes.Add("A .solverstate does not say how far the data were read: as in Caffe, reading begins at the first record, and random numbers start anew.");
        return new ResumeInfo(_path, Iteration, false, _notes);
    }

    public void Dispose()
    {
        _checkpoint?.Dispose();
        _state?.Dispose();
    }

    private void OpenState()
    {
        if (_path.EndsWith(".caffemodel", StringComparison.OrdinalIgnoreCase))
            throw new CortadoException($"{_path} holds weights only; expected a .solverstate or .cortado. To start from these weights, give them as --weights.");
        _state = SolverStateFile.Open(_path);
        string beside = Path.ChangeExtension(_path, CheckpointExtension);
        if (!File.Exists(beside)) return;
        try
        {
            CheckpointReader checkpoint = CheckpointReader.Open(beside);
            if (SameMoment(checkpoint.Header))
            {
                _checkpoint = checkpoint;
                _notes.Add($"Everything was taken from {beside}, which is of the same moment and knows more.");
                return;
            }
            checkpoint.Dispose();
            _notes.Add($"{beside} is of another moment or another training and was left alone.");
        }
        catch (CortadoException error)
        {
            _notes.Add($"{error.Message} It was left alone.");
        }
    }

    private bool SameMoment(CheckpointHeader header)
    {
        if (header.Iteration != _state!.Iteration || header.CurrentStep != _state.CurrentStep || header.History != _state.History.Count) return false;
        var hash = new CheckpointHash();
        foreach (WeightBlob blob in _state.History) hash.Add(MemoryMarshal.AsBytes<float>(blob.ToArray()));
        return hash.Value() == header.HistoryHash;
    }
}
