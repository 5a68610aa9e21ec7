using System.Text;

namespace Cortado.Formats;

/// <summary>
/// A <c>.solverstate</c>: what a solver remembers beside the weights. The history arrays are read straight from the file when wanted.
/// </summary>
public sealed class SolverStateFile : IDisposable
{
    private const string What = "a .solverstate";
    private const int MostBlobs = 1_000_000;

    private readonly WireFile _file;
    private readonly List<WeightBlob> _history = new();

    private SolverStateFile(WireFile file)
    {
        _file = file;
        try
        {
            Read();
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The file's name, as it was given.</summary>
    public string FileName => _file.Name;

    /// <summary>How many iterations were done.</summary>
    public int Iteration { get; private set; }

    /// <summary>The weight file that belongs to it, as the solver named it (relative to its current folder then); empty where none.</summary>
    public string LearnedNet { get; private set; } = string.Empty;

    /// <summary>How many steps a <c>multistep</c> learning rate has taken.</summary>
    public int CurrentStep { get; private set; }

    /// <summary>The history arrays, in the order of the parameters; AdaDelta and Adam have all second ones after all first ones.</summary>
    public IReadOnlyList<WeightBlob> History => _history;

    /// <summary>Opens a solver state.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The state; the file stays open until it is disposed.</returns>
    /// <exception cref="CortadoException">The file cannot be read, is damaged, or is of another kind (such as HDF5).</exception>
    public static SolverStateFile Open(string path) => new(WireFile.Open(path, What));

    /// <summary>Opens a solver state from a stream that can seek.</summary>
    /// <param name="stream">The stream; it is disposed with the result.</param>
    /// <param name="name">The name that errors give.</param>
    /// <returns>The state.</returns>
    /// <exception cref="CortadoException">The content is damaged or of another kind.</exception>
    public static SolverStateFile Open(Stream stream, string name)
    {
        ThrowIf.Null(stream, nameof(stream));
        return new SolverStateFile(WireFile.Open(stream, name, What));
    }

    /// <summary>Writes a solver state byte by byte as Caffe does; an existing file is replaced only when all is on disk.</summary>
    /// <param name="path">The file.</param>
    /// <param name="iteration">How many iterations were done.</param>
    /// <param name="learnedNet">The weight file that belongs to it.</param>
    /// <param name="currentStep">How many steps a <c>multistep</c> learning rate has taken.</param>
    /// <param name="history">The history arrays, in Caffe's order.</param>
    /// <exception cref="CortadoException">The file cannot be written, or would be larger than 2 GiB.</exception>
    public static void Write(string path, int iteration, string learnedNet, int currentStep, IReadOnlyList<WeightArray> history)
    {
        ThrowIf.Null(learnedNet, nameof(learnedNet));
        ThrowIf.Null(history, nameof(history));
        AtomicFile.Write(path, stream =>
        {
            var writer = new WireWriter(stream, path);
            writer.WriteNumber(SolverState.IterFieldNumber, iteration);
            byte[] net = Encoding.UTF8.GetBytes(learnedNet);
            writer.WriteHeader(SolverState.LearnedNetFieldNumber, net.Length);
            writer.WriteRaw(net);
            foreach (WeightArray blob in history)
            {
                BlobWriter.WriteField(writer, SolverState.HistoryFieldNumber, blob);
            }

            writer.WriteNumber(SolverState.CurrentStepFieldNumber, currentStep);
            writer.Flush();
        });
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private void Read()
    {
        for (WireCursor field = _file.Cursor(); field.Next();)
        {
            switch (field.Field)
            {
                case SolverState.IterFieldNumber:
                    Iteration = (int)field.Varint();
                    break;
                case SolverState.LearnedNetFieldNumber:
                    LearnedNet = field.Text();
                    break;
                case SolverState.CurrentStepFieldNumber:
                    CurrentStep = (int)field.Varint();
                    break;
                case SolverState.HistoryFieldNumber:
                    if (_history.Count == MostBlobs)
                    {
                        throw _file.Corrupt(field.FieldStart, FormattableString.Invariant($"more than {MostBlobs} arrays"));
                    }

                    _history.Add(new WeightBlob(_file, field.Enter(), FormattableString.Invariant($"history {_history.Count}")));
                    break;
            }
        }
    }
}
