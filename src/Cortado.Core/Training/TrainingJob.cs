using Cortado.Data;
using Cortado.Diagnostics;
using Cortado.Diagnostics.Monitoring;
using Cortado.Formats;
using Cortado.Solvers;

namespace Cortado.Training;

/// <summary>
/// A training as a host runs it: it opens its device, trains in the background, keeps curves, findings and snapshots, and can be interrupted so that another job
/// goes on where it stood, bit for bit. All members may be used from any thread; only <see cref="Suspend"/> and <see cref="Dispose"/> wait.
/// </summary>
public sealed class TrainingJob : IDisposable
{
    private readonly object _lock = new();
    private readonly Func<string, OpenedDevice> _open;
    private readonly IRecordDatabaseProvider _databases;
    private readonly List<Finding> _findings = new();
    private readonly ManualResetEventSlim _ended = new(false);
    private TrainingSession? _session;
    private TrainingHistory _history = new();
    private Thread? _thread;
    private TrainingState _state;
    private TrainingProgress _progress;
    private string? _suspendTo, _device, _deviceReason;
    private bool _stopWanted, _stopWithSnapshot, _pauseWanted;

    /// <summary>Describes a training; nothing is read before <see cref="Start"/>.</summary>
    /// <param name="request">What to train.</param>
    /// <param name="open">Opens the device of a key, on the training's thread: it may take long.</param>
    /// <param name="databases">Opens databases.</param>
    public TrainingJob(TrainingRequest request, Func<string, OpenedDevice> open, IRecordDatabaseProvider databases)
    {
        Request = request;
        _open = open;
        _databases = databases;
    }

    /// <summary>What is trained.</summary>
    public TrainingRequest Request { get; }

    /// <summary>Where it stands.</summary>
    public TrainingState State
    {
        get
        {
            lock (_lock)
            {
                // Between the session's end and the device's, the job still works.
                if (_state != TrainingState.Preparing || _session == null || _session.State == TrainingState.Created) return _state;
                return _session.HasEnded ? TrainingState.Running : _session.State;
            }
        }
    }

    /// <summary>Whether it works, or waits to go on.</summary>
    public bool IsActive => State is TrainingState.Preparing or TrainingState.Running or TrainingState.Paused;

    /// <summary>Whether it waits, or will after the running iteration: the last that was asked of it was <see cref="Pause"/>.</summary>
    public bool IsPauseWanted
    {
        get { lock (_lock) return _pauseWanted; }
    }

    /// <summary>How far it is.</summary>
    public TrainingProgress Progress
    {
        get
        {
            TrainingSession? session;
            lock (_lock) session = _session;
            return session?.Progress is { MaxIterations: > 0 } progress ? progress : _progress;
        }
    }

    /// <summary>The share of the preparation that is known to be done, from 0 to 1, while a device compiles its kernels.</summary>
    public double PreparedShare
    {
        get
        {
            TrainingSession? session;
            lock (_lock) session = _session;
            return session?.PreparedShare ?? 0;
        }
    }

    /// <summary>Its curves, those before an interruption included.</summary>
    public TrainingHistory History
    {
        get { lock (_lock) return _history; }
    }

    /// <summary>What opens the same device again; null before it was opened.</summary>
    public string? Device
    {
        get { lock (_lock) return _device; }
    }

    /// <summary>Why this device, for people; null before it was opened.</summary>
    public string? DeviceReason
    {
        get { lock (_lock) return _deviceReason; }
    }

    /// <summary>The message of the error that ended it, or why it was stopped; null for none.</summary>
    public string? Problem { get; private set; }

    /// <summary>What the monitor found so far.</summary>
    public IReadOnlyList<Finding> Findings
    {
        get { lock (_lock) return _findings.ToArray(); }
    }

    /// <summary>Starts it on a thread of its own.</summary>
    /// <param name="paused">Whether it waits at once: then nothing is read or computed before <see cref="Resume"/>.</param>
    /// <exception cref="InvalidOperationException">It was started before.</exception>
    public void Start(bool paused = false)
    {
        lock (_lock)
        {
            if (_thread != null || _state != TrainingState.Created) throw new InvalidOperationException("The training job was started before; make a new one.");
            _state = paused ? TrainingState.Paused : TrainingState.Preparing;
            _pauseWanted = paused;
            _thread = new Thread(Run) { IsBackground = true, Name = "Cortado training job" };
            _thread.Start();
        }
    }

    /// <summary>Asks it to wait after the running iteration.</summary>
    public void Pause()
    {
        lock (_lock)
        {
            _pauseWanted = true;
            _session?.Pause();
        }
    }

    /// <summary>Lets it go on.</summary>
    public void Resume()
    {
        lock (_lock)
        {
            _pauseWanted = false;
            _session?.Resume();
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Asks it to end after the running iteration, with a snapshot.</summary>
    public void Stop() => End(snapshot: true, null);

    /// <summary>Asks for a snapshot after the running iteration.</summary>
    public void RequestSnapshot()
    {
        lock (_lock) _session?.RequestSnapshot();
    }

    /// <summary>Waits until it has ended and its device is closed.</summary>
    /// <returns>Whether it ended within the time.</returns>
    public bool Wait(TimeSpan? timeout = null) => _ended.Wait(timeout ?? Timeout.InfiniteTimeSpan);

    /// <summary>Ends it so that another job can go on: a checkpoint and the curves are written, no snapshot.</summary>
    /// <param name="limit">How long to wait for that.</param>
    /// <returns>
    /// The request that goes on bit for bit. Where the time was up, or nothing had been done since the job began, it goes on from the snapshot before, or begins
    /// anew with the same numbers. Null where the training had ended, or had been asked to.
    /// </returns>
    public TrainingRequest? Suspend(TimeSpan limit)
    {
        string checkpoint = Path.Combine(Request.Folder, "suspended.cortado"), curves = Path.Combine(Request.Folder, "suspended.curves");
        bool stopping;
        lock (_lock) stopping = _stopWanted;
        if (!stopping) End(snapshot: false, checkpoint);
        bool ended = Wait(limit);
        if (stopping) return null;
        TrainingSession? session;
        lock (_lock) session = _session;
        if (ended && State != TrainingState.Stopped) return null;
        string? from = session?.SuspendedTo ?? session?.LastSnapshot?.Checkpoint ?? Request.Checkpoint;
        TrainingRequest next = Request with { Device = Device ?? Request.Device, Checkpoint = from };
        if (session == null || from == null) return next;
        History.Save(curves);
        return next with { Curves = curves };
    }

    /// <summary>Ends it without a snapshot and waits for its threads.</summary>
    public void Dispose()
    {
        End(snapshot: false, null);
        _thread?.Join();
        _ended.Dispose();
    }

    private void End(bool snapshot, string? suspendTo)
    {
        lock (_lock)
        {
            _stopWanted = true;
            _stopWithSnapshot = snapshot;
            _suspendTo = suspendTo;
            if (_session != null) EndSession(_session);
            if (_thread == null)
            {
                _state = TrainingState.Stopped;
                _ended.Set();
            }
            Monitor.PulseAll(_lock);
        }
    }

    private void EndSession(TrainingSession session)
    {
        if (_suspendTo != null) session.Suspend(_suspendTo);
        else session.Stop(_stopWithSnapshot);
    }

    private void Run()
    {
        TrainingState end;
        try
        {
            TakeUp();
            end = WaitForStart() ? Train() : TrainingState.Stopped;
        }
        catch (Exception error)
        {
            // Whatever it is, it must not end the program that hosts this thread.
            Problem = error is CortadoException ? error.Message : error.ToString();
            end = TrainingState.Failed;
        }
        lock (_lock) _state = end;
        _ended.Set();
    }

    // What lies behind a training that goes on is known before it does.
    private void TakeUp()
    {
        if (Request.Checkpoint == null) return;
        CheckpointInfo info = CheckpointFile.ReadInfo(Request.Checkpoint);
        TrainingHistory history = Request.Curves != null && File.Exists(Request.Curves) ? TrainingHistory.Load(Request.Curves, info.Iteration) : new TrainingHistory();
        int most = Request.MaxIterations ?? SolverFile.Load(Request.Solver).Message.MaxIter;
        var last = new float[1];
        history.CopyLosses(info.Iteration - 1, last);
        RatePoint[] rates = history.LearningRates();
        lock (_lock)
        {
            _history = history;
            _progress = new TrainingProgress(info.Iteration, most, last[0], info.SmoothedLoss, rates.Length > 0 ? rates[^1].Rate : 0, 0, 0);
        }
    }

    private bool WaitForStart()
    {
        lock (_lock)
        {
            while (_pauseWanted && !_stopWanted) Monitor.Wait(_lock);
            if (!_stopWanted) _state = TrainingState.Preparing;
            return !_stopWanted;
        }
    }

    private TrainingState Train()
    {
        OpenedDevice opened = _open(Request.Device);
        using Backends.IBackend backend = opened.Backend;
        Directory.CreateDirectory(Request.Folder);
        SolverParameter solver = SolverFile.Load(Request.Solver).Message;
        solver.SnapshotPrefix = Request.SnapshotPrefix;
        var monitor = new TrainingMonitor();
        monitor.Found += finding =>
        {
            lock (_lock) _findings.Add(finding);
        };
        var options = new SolverOptions
        {
            Backend = backend,
            Databases = _databases,
            FileName = Request.Solver,
            Snapshot = Request.Checkpoint,
            BatchSize = Request.BatchSize,
            MaxIterations = Request.MaxIterations,
            // Named even where the prototxt leaves it to chance, so that a training interrupted before its first checkpoint begins with the same numbers again.
            Seed = solver.RandomSeed >= 0 ? null : 1,
            Monitor = monitor,
        };
        using var session = new TrainingSession(solver, options, History);
        lock (_lock)
        {
            _device = opened.Key;
            _deviceReason = opened.Reason;
            _session = session;
            if (_pauseWanted) session.Pause();
            if (_stopWanted) EndSession(session);
        }
        session.Start();
        session.Wait();
        lock (_lock) _progress = session.Progress;
        if (session.Error is { } error) Problem = error is CortadoException ? error.Message : error.ToString();
        Problem ??= session.StopReason;
        return session.State;
    }
}
