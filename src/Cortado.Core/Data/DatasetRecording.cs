using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;

namespace Cortado.Data;

/// <summary>
/// Adds labelled pictures to a training and a validation database, on a thread of its own, as Caffe's convert_imageset would have stored them: Datums of 8-bit planes blue, green,
/// red. What is there already is counted and added to. Everything is committed about once a second, so that a crash loses no more than that.
/// </summary>
/// <remarks>All public members but <see cref="Join"/> return at once. They belong to one thread.</remarks>
public sealed class DatasetRecording : IDisposable
{
    private const int MostWaiting = 256, CommitAfter = 256;
    private static readonly long CommitTicks = Stopwatch.Frequency;

    private readonly DatasetRecordingOptions _options;
    private readonly Thread _thread;
    private readonly Alarm _wake = new();
    private readonly ConcurrentQueue<RecordedExample> _waiting = new();
    private readonly ConcurrentQueue<RecordedExample> _free = new();
    private readonly Image _image = new();
    private readonly DatumWriter _datum = new();
    private readonly byte[] _key = new byte[64];
    private readonly int[] _train, _validation;
    private int _trainCount, _validationCount, _uncommitted;
    private volatile bool _finishing, _isOpen, _ended;
    private volatile Exception? _failure;
    private (int Width, int Height) _size;

    /// <summary>Begins; the databases are opened on the thread here.</summary>
    public DatasetRecording(DatasetRecordingOptions options)
    {
        ThrowIf.Null(options, nameof(options));
        _options = options;
        _train = new int[options.Labels.Count];
        _validation = new int[options.Labels.Count];
        _thread = new Thread(Run) { IsBackground = true, Name = "Cortado recorder", Priority = ThreadPriority.BelowNormal };
        _thread.Start();
    }

    /// <summary>Whether the databases are open, so that the counts are those of all examples.</summary>
    public bool IsOpen => _isOpen;

    /// <summary>Whether it is over, well or not, and the databases are closed.</summary>
    public bool HasEnded => _ended;

    /// <summary>What went wrong; null when all is well. The recording is over then; what was committed before stands.</summary>
    public Exception? Failure => _failure;

    /// <summary>Examples in the training database.</summary>
    public int TrainCount => Volatile.Read(ref _trainCount);

    /// <summary>Examples in the validation database.</summary>
    public int ValidationCount => Volatile.Read(ref _validationCount);

    /// <summary>Examples of a class in both databases.</summary>
    public int CountOf(int label) => label < 0 || label >= _train.Length ? 0 : Volatile.Read(ref _train[label]) + Volatile.Read(ref _validation[label]);

    /// <summary>Adds an example.</summary>
    /// <param name="rgba">4 x width x height bytes, row 0 the lowest; copied.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="label">Its class's number.</param>
    /// <returns>False where the disk does not follow and too many wait already: the example is left out.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public bool TryAdd(ReadOnlySpan<byte> rgba, int width, int height, int label)
    {
        if (label < 0 || label >= _train.Length) throw new ArgumentOutOfRangeException(nameof(label), label, FormattableString.Invariant($"There are {_train.Length} classes, so labels are 0 to {_train.Length - 1}."));
        if (_waiting.Count >= MostWaiting) return false;
        if (!_free.TryDequeue(out RecordedExample? example)) example = new RecordedExample();
        example.Fill(rgba, width, height, label);
        _waiting.Enqueue(example);
        _wake.Set();
        return true;
    }

    /// <summary>Lets the thread see whether it is time to commit; to be called now and then.</summary>
    public void Tick() => _wake.Set();

    /// <summary>Asks the thread to write what waits, to commit it, to close the databases and to end.</summary>
    public void Finish()
    {
        _finishing = true;
        _wake.Set();
    }

    /// <summary>Waits until the thread has ended.</summary>
    /// <param name="timeout">How long at most.</param>
    /// <returns>Whether it has.</returns>
    public bool Join(TimeSpan timeout) => _thread.Join(timeout);

    /// <summary>Finishes and waits.</summary>
    public void Dispose()
    {
        Finish();
        Join(Timeout.InfiniteTimeSpan);
    }

    private void Run()
    {
        IRecordWriter? train = null, validation = null;
        try
        {
            _options.After?.Join(Timeout.InfiniteTimeSpan);
            Directory.CreateDirectory(_options.Folder);
            WriteLabels();
            train = _options.Append(_options.TrainDatabase);
            if (_options.ValidationShare > 0) validation = _options.Append(_options.ValidationDatabase);
            _trainCount = Count(_options.TrainDatabase, _train);
            if (validation != null) _validationCount = Count(_options.ValidationDatabase, _validation);
            _isOpen = true;
            Write(train, validation);
        }
#pragma warning disable CA1031 // Whatever the disk brings up belongs to the caller's thread.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _failure = failure;
        }
        finally
        {
            train?.Dispose();
            validation?.Dispose();
            _ended = true;
            _options.Ended?.Invoke();
        }
    }

    private void Write(IRecordWriter train, IRecordWriter? validation)
    {
        long committed = Stopwatch.GetTimestamp();
        while (true)
        {
            if (_waiting.TryDequeue(out RecordedExample? example))
            {
                Put(example, train, validation);
                _free.Enqueue(example);
                if (_uncommitted < CommitAfter) continue;
            }
            bool over = _finishing && _waiting.IsEmpty;
            if (_uncommitted > 0 && (over || _uncommitted >= CommitAfter || Stopwatch.GetTimestamp() - committed >= CommitTicks))
            {
                train.Commit();
                validation?.Commit();
                _uncommitted = 0;
                committed = Stopwatch.GetTimestamp();
            }
            if (over) return;
            if (_waiting.IsEmpty) _wake.Wait();
        }
    }

    private void Put(RecordedExample example, IRecordWriter train, IRecordWriter? validation)
    {
        if (_size == default) _size = (example.Width, example.Height);
        if (_size != (example.Width, example.Height))
        {
            throw new CortadoException(FormattableString.Invariant(
                $"{_options.Folder} holds pictures of {_size.Width} x {_size.Height} (width x height) and a new one has {example.Width} x {example.Height}; all pictures of a set have one size. Set that size, or record into another folder."));
        }

        int label = example.Label;
        bool validates = validation != null && RecordedSplit.IsValidation(CountOf(label), _options.ValidationShare);
        RgbaPixels.Unpack(example.Rgba, example.Width, example.Height, RowOrder.BottomUp, ImageColor.Color, _image);
        _datum.WritePixels(_image, label);
        int length = Encoding.ASCII.GetBytes(RecordedSplit.Key((long)_trainCount + _validationCount, label), _key);
        (validates ? validation! : train).Put(_key.AsSpan(0, length), _datum.Message);
        _uncommitted++;
        if (validates)
        {
            Interlocked.Increment(ref _validation[label]);
            Interlocked.Increment(ref _validationCount);
        }
        else
        {
            Interlocked.Increment(ref _train[label]);
            Interlocked.Increment(ref _trainCount);
        }
    }

    /// <summary>Counts the examples of each class that are there already, and learns their size.</summary>
    private int Count(string path, int[] ofClass)
    {
        using IRecordDatabase database = _options.Open(path);
        using IRecordCursor cursor = database.OpenCursor();
        while (cursor.MoveNext())
        {
            var datum = new DatumView(cursor.Value);
            if (datum.Label < 0 || datum.Label >= ofClass.Length)
                throw new CortadoException(FormattableString.Invariant($"{path} holds an example of label {datum.Label} and there are {ofClass.Length} classes. Name all classes, or record into another folder."));
            ofClass[datum.Label]++;
            if (!datum.Encoded && _size == default) _size = (datum.Width, datum.Height);
        }

        return (int)database.Count;
    }

    // More classes may be added at the end; the others keep their numbers.
    private void WriteLabels()
    {
        string path = Path.Combine(_options.Folder, LabelsFile.Name);
        string[] known = File.Exists(path) ? LabelsFile.Read(path) : Array.Empty<string>();
        for (int i = 0; i < known.Length; i++)
        {
            if (i < _options.Labels.Count && known[i] == _options.Labels[i]) continue;
            throw new CortadoException(FormattableString.Invariant($"{path} names class {i} '{known[i]}', and the recording {(i < _options.Labels.Count ? $"'{_options.Labels[i]}'" : "has no such class")}. Give the classes the same names and order, or record into another folder."));
        }

        if (known.Length < _options.Labels.Count) LabelsFile.Write(path, _options.Labels, overwrite: true);
    }
}
