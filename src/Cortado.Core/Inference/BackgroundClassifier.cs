using System.Collections.Concurrent;
using System.Diagnostics;
using Cortado.Backends;
using Cortado.Data;

namespace Cortado.Inference;

/// <summary>
/// Classifies a stream of pictures on a thread of its own, for a game whose frames must not wait: pictures are handed in and results fetched without a lock, the
/// newest picture wins, and computing keeps to so many milliseconds for each frame of the game (<see cref="FrameBudget"/>). Nothing is allocated for a picture.
/// </summary>
/// <remarks>
/// All public members but <see cref="Join"/> return at once. They belong to one thread, the game's. The backend is opened, used and disposed on the thread here. Opening
/// a device, loading and compiling a network are not under the budget.
/// </remarks>
public sealed class BackgroundClassifier : IDisposable
{
    /// <summary>The most classes of a result.</summary>
    public const int MaxTop = 5;

    private readonly Func<IBackend> _openBackend;
    private readonly Action? _ended;
    private readonly Func<long> _clock;
    private readonly Thread _thread;
    private readonly Alarm _wake = new();
    private readonly Handover<PixelFrame> _frames = new(new[] { new PixelFrame(), new PixelFrame(), new PixelFrame() }, static f => f.IsFull);
    private readonly Handover<BackgroundResult> _results = new(new[] { new BackgroundResult(), new BackgroundResult(), new BackgroundResult() }, static r => r.IsFull);
    private readonly ConcurrentQueue<ClassificationRequest> _requests = new();
    private readonly Image _image = new();
    private volatile BackgroundStatus _status = new(BackgroundState.Empty, 0);
    private BackgroundStatus _ready = new(BackgroundState.Empty, 0);
    private volatile bool _stopping, _threadEnded;
    private Job? _job;
    private long _submitted;
    private int _networks, _top = 1;
    private float _smoothing;
    private float[] _average = Array.Empty<float>();
    private bool _hasAverage;

    /// <summary>Starts the thread; it waits for <see cref="Load"/>.</summary>
    /// <param name="openBackend">Opens what computes, on the thread here, when the first network is loaded.</param>
    /// <param name="ended">Called on the thread here when it is about to end and holds nothing any more; null for nobody.</param>
    public BackgroundClassifier(Func<IBackend> openBackend, Action? ended = null)
        : this(openBackend, ended, null)
    {
    }

    internal BackgroundClassifier(Func<IBackend> openBackend, Action? ended, Func<long>? clock)
    {
        _openBackend = openBackend;
        _ended = ended;
        _clock = clock ?? Stopwatch.GetTimestamp;
        _thread = new Thread(Run) { IsBackground = true, Name = "Cortado classifier", Priority = ThreadPriority.BelowNormal };
        _thread.Start();
    }

    /// <summary>How far it has come.</summary>
    public BackgroundStatus Status => _status;

    /// <summary>The computing that each frame may take.</summary>
    public FrameBudget Budget { get; } = new();

    /// <summary>Whether a picture waits to be begun.</summary>
    public bool HasWaiting => _frames.HasWaiting;

    /// <summary>How many classes a result has, 1 to <see cref="MaxTop"/>.</summary>
    public int Top { get => Volatile.Read(ref _top); set => Volatile.Write(ref _top, Math.Clamp(value, 1, MaxTop)); }

    /// <summary>The share of the last scores in the next result, 0 to less than 1: scores = smoothing x last + (1 - smoothing) x new.</summary>
    public float Smoothing { get => Volatile.Read(ref _smoothing); set => Volatile.Write(ref _smoothing, Math.Clamp(value, 0, 0.999f)); }

    /// <summary>Loads a network beside what is classified now, and then takes it instead; the old one is disposed.</summary>
    /// <param name="load">Loads it, on the thread here.</param>
    /// <returns>The number by which <see cref="BackgroundStatus.Network"/> speaks of it.</returns>
    public int Load(Func<IBackend, Classifier> load)
    {
        int number = ++_networks;
        Interlocked.Exchange(ref _job, new Job(load, number));
        _wake.Set();
        return number;
    }

    /// <summary>A frame of the game begins: it grants its share of computing.</summary>
    /// <param name="milliseconds">The share; 0 for no limit.</param>
    public void BeginFrame(double milliseconds)
    {
        Budget.Grant(milliseconds);
        _wake.Set();
    }

    /// <summary>Hands in a picture of the stream. One that waits is replaced.</summary>
    /// <param name="rgba">4 x width x height bytes, row 0 the lowest; copied.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="time">Whatever the result is to carry.</param>
    /// <returns>The picture's number, from 1.</returns>
    public long Submit(ReadOnlySpan<byte> rgba, int width, int height, double time)
    {
        _frames.Giving.Fill(rgba, width, height, time, ++_submitted);
        _frames.Give();
        _wake.Set();
        return _submitted;
    }

    /// <summary>Hands in a picture that is classified for itself, before those of the stream.</summary>
    public void Submit(ClassificationRequest request)
    {
        _requests.Enqueue(request);
        _wake.Set();
        if (_threadEnded) FailRequests(new ObjectDisposedException(nameof(BackgroundClassifier)));
    }

    /// <summary>Fetches the newest result of the stream; one that a newer one has overtaken is not given.</summary>
    /// <param name="best">Gets the best classes.</param>
    /// <param name="info">Which picture it is about.</param>
    /// <returns>False where there is none that was not fetched before.</returns>
    public bool TryTake(Span<ClassScore> best, out BackgroundResultInfo info)
    {
        info = default;
        if (!_results.Take()) return false;
        BackgroundResult result = _results.Taken;
        result.IsFull = false;
        // A picture that the last network was busy with when another one was loaded.
        if (result.Network != _networks && _status.Network == _networks) return false;
        int count = Math.Min(best.Length, result.Count);
        result.Best.Slice(0, count).CopyTo(best);
        info = new BackgroundResultInfo(count, result.Time, result.Number, result.Computing);
        return true;
    }

    /// <summary>Asks the thread to stop after the layer that it is at, to dispose all that it holds, and to end.</summary>
    public void Stop()
    {
        _stopping = true;
        _wake.Set();
    }

    /// <summary>Waits until the thread has ended.</summary>
    /// <param name="timeout">How long at most.</param>
    /// <returns>Whether it has.</returns>
    public bool Join(TimeSpan timeout) => Thread.CurrentThread == _thread || _thread.Join(timeout);

    /// <summary>Stops and waits.</summary>
    public void Dispose()
    {
        Stop();
        Join(Timeout.InfiniteTimeSpan);
    }

    private void Run()
    {
        IBackend? backend = null;
        Classifier? classifier = null;
        try
        {
            while (!_stopping)
            {
                if (Interlocked.Exchange(ref _job, null) is { } job) TakeOver(job, ref backend, ref classifier);
                else if (classifier == null || !ClassifyNext(classifier)) _wake.Wait();
            }
        }
        finally
        {
            classifier?.Dispose();
            backend?.Dispose();
            _status = new BackgroundStatus(BackgroundState.Stopped, _status.Network);
            _threadEnded = true;
            FailRequests(new OperationCanceledException("The classifier was stopped."));
            _ended?.Invoke();
        }
    }

    private void TakeOver(Job job, ref IBackend? backend, ref Classifier? classifier)
    {
        // What runs goes on to be what the status says until the next one is there.
        if (classifier == null) _status = new BackgroundStatus(BackgroundState.Loading, job.Number);
        Classifier? made = null;
        try
        {
            backend ??= _openBackend();
            if (_stopping) return;
            made = job.Load(backend);
            WarmUp(made);
            classifier?.Dispose();
            classifier = made;
            _hasAverage = false;
            if (_average.Length != made.Labels.Count) _average = new float[made.Labels.Count];
            _status = _ready = new BackgroundStatus(BackgroundState.Ready, job.Number)
            {
                Device = backend.Description,
                ImageWidth = made.Preprocessing.ImageWidth,
                ImageHeight = made.Preprocessing.ImageHeight,
                Labels = made.Labels,
                Notes = made.Notes,
            };
        }
#pragma warning disable CA1031 // Whatever a driver or a file brings up belongs to the game's thread, as a status.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            made?.Dispose();
            Fail(failure, job.Number, ref classifier);
        }
    }

    // Devices compile when sizes are first used; not when the first picture waits.
    private void WarmUp(Classifier classifier)
    {
        var blank = new Image(classifier.Preprocessing.Color == ImageColor.Gray ? 1 : 3, classifier.Preprocessing.ImageHeight, classifier.Preprocessing.ImageWidth);
        classifier.Begin(blank);
        while (!_stopping && !classifier.Continue(TimeSpan.Zero))
        {
        }
        if (!_stopping) classifier.CheckAnswer(classifier.Scores);
    }

    private bool ClassifyNext(Classifier classifier)
    {
        if (_requests.TryDequeue(out ClassificationRequest? request))
        {
            try
            {
                if (Compute(classifier, request.Frame, out _)) request.Succeed(classifier);
                else request.Fail(new OperationCanceledException("The classifier was stopped."));
            }
#pragma warning disable CA1031 // The request carries it.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                request.Fail(failure);
            }
            return true;
        }
        if (!_frames.Take()) return false;
        try
        {
            bool done = Compute(classifier, _frames.Taken, out long ticks);
            if (done) Publish(classifier, _frames.Taken, TimeSpan.FromSeconds(ticks / (double)Stopwatch.Frequency));
        }
#pragma warning disable CA1031 // As above.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            // The network stays for other pictures; the status tells of this one.
            _status = new BackgroundStatus(BackgroundState.Failed, _ready.Network)
            {
                Failure = failure,
                Device = _ready.Device,
                ImageWidth = _ready.ImageWidth,
                ImageHeight = _ready.ImageHeight,
                Labels = _ready.Labels,
            };
        }
        finally
        {
            _frames.Taken.IsFull = false;
        }
        return true;
    }

    /// <summary>Runs a picture through the network, slice by slice as frames grant it.</summary>
    /// <returns>False where it was asked to stop.</returns>
    private bool Compute(Classifier classifier, PixelFrame frame, out long ticks)
    {
        ticks = 0;
        if (!WaitForBudget()) return false;
        long start = _clock();
        RgbaPixels.Unpack(frame.Rgba, frame.Width, frame.Height, RowOrder.BottomUp, classifier.Preprocessing.Color, _image);
        classifier.Begin(_image);
        while (true)
        {
            ticks += Spend(ref start);
            if (!WaitForBudget()) return false;
            start = _clock();
            bool done = classifier.Continue(Budget.Left);
            if (!done) continue;
            classifier.CheckAnswer(classifier.Scores);
            ticks += Spend(ref start);
            return true;
        }
    }

    private long Spend(ref long start)
    {
        long now = _clock(), spent = now - start;
        start = now;
        Budget.Spend(spent);
        return spent;
    }

    private bool WaitForBudget()
    {
        while (!_stopping && !Budget.IsOpen) _wake.Wait();
        return !_stopping;
    }

    private void Publish(Classifier classifier, PixelFrame frame, TimeSpan computing)
    {
        ReadOnlySpan<float> scores = classifier.Scores;
        float keep = _hasAverage ? Smoothing : 0;
        for (int i = 0; i < _average.Length; i++) _average[i] = keep * _average[i] + (1 - keep) * scores[i];
        _hasAverage = true;
        _results.Giving.Fill(classifier, _average, Top, frame, _ready.Network, computing);
        _results.Give();
        if (_status.State != BackgroundState.Ready) _status = _ready;
    }

    private void Fail(Exception failure, int network, ref Classifier? classifier)
    {
        classifier?.Dispose();
        classifier = null;
        _status = new BackgroundStatus(BackgroundState.Failed, network) { Failure = failure };
        FailRequests(failure);
    }

    private void FailRequests(Exception failure)
    {
        while (_requests.TryDequeue(out ClassificationRequest? request)) request.Fail(failure);
    }

    private sealed record Job(Func<IBackend, Classifier> Load, int Number);
}
