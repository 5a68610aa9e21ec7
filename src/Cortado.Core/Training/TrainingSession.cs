using Cortado.Formats;
using Cortado.Solvers;

namespace Cortado.Training;

/// <summary>
/// A training on a thread of its own: started, paused, resumed, stopped and watched from any other. Nothing here waits for the
/// training but <see cref="Wait"/> and <see cref="Dispose"/>. The solver and its networks live on the training's thread and end with it; who needs them
/// implements a <see cref="SolverObserver"/> or an <see cref="ITrainingMonitor"/>.
/// </summary>
public sealed class TrainingSession : IDisposable
{
    private readonly object _lock = new();
    private readonly SolverParameter _parameter;
    private readonly SolverOptions _options;
    private readonly ManualResetEventSlim _ended = new(false);
    private Thread? _thread;
    private Solver? _solver;
    private CancellationTokenRegistration _cancellation;
    private TrainingProgress _progress;
    private TrainingState _state;
    private SnapshotFiles? _lastSnapshot;
    private bool _pauseWanted, _stopWanted, _stopWithSnapshot, _snapshotWanted;
    private string? _suspendTo;
    private double _secondsPerIteration, _preparedShare;

    /// <summary>Describes a training; nothing is read before <see cref="Start"/>.</summary>
    /// <param name="parameter">The solver, upgraded (<see cref="SolverFile"/>).</param>
    /// <param name="options">Backend, files and overrides. The backend must not be used elsewhere while the training runs.</param>
    /// <param name="history">The curves up to the snapshot that it goes on from; null for new ones.</param>
    public TrainingSession(SolverParameter parameter, SolverOptions options, TrainingHistory? history = null)
    {
        History = history ?? new TrainingHistory();
        _parameter = parameter.Clone();
        var observers = new List<SolverObserver>(options.Observers) { new Watcher(this) };
        _options = options with { Observers = observers };
    }

    /// <summary>Raised on the training's thread when <see cref="State"/> changed.</summary>
    public event Action<TrainingSession>? StateChanged;

    /// <summary>Where it stands.</summary>
    public TrainingState State
    {
        get { lock (_lock) return _state; }
    }

    /// <summary>Whether it has ended, in whatever way.</summary>
    public bool HasEnded => State >= TrainingState.Finished;

    /// <summary>How far it is.</summary>
    public TrainingProgress Progress
    {
        get { lock (_lock) return _progress; }
    }

    /// <summary>The share of the preparation that is known to be done, from 0 to 1, while a device compiles its kernels (<see cref="Solver.WarmUp"/>).</summary>
    public double PreparedShare
    {
        get { lock (_lock) return _preparedShare; }
    }

    /// <summary>Its curves.</summary>
    public TrainingHistory History { get; }

    /// <summary>Why a monitor ended it; null where none did.</summary>
    public string? StopReason { get; private set; }

    /// <summary>The error that ended it; null for none. A <see cref="CortadoException"/>'s message is for people.</summary>
    public Exception? Error { get; private set; }

    /// <summary>Where it went on from, known once it runs; null for a new training.</summary>
    public ResumeInfo? Resumed { get; private set; }

    /// <summary>
    /// The checkpoint that <see cref="Suspend"/> left, complete on disk; null where the training was not suspended, ended first, or had done nothing since it began.
    /// </summary>
    public string? SuspendedTo { get; private set; }

    /// <summary>The latest snapshot with finite weights; null for none.</summary>
    public SnapshotFiles? LastSnapshot
    {
        get { lock (_lock) return _lastSnapshot; }
    }

    /// <summary>Starts the thread.</summary>
    /// <param name="cancellation">Cancelling it is <see cref="Stop"/> with a snapshot.</param>
    /// <exception cref="InvalidOperationException">It was started before.</exception>
    public void Start(CancellationToken cancellation = default)
    {
        lock (_lock)
        {
            if (_thread != null) throw new InvalidOperationException("The training session was started before; make a new one.");
            _thread = new Thread(Run) { IsBackground = true, Name = "Cortado training" };
        }
        _cancellation = cancellation.Register(() => Stop());
        _thread.Start();
    }

    /// <summary>Asks it to wait after the running iteration.</summary>
    public void Pause()
    {
        lock (_lock) _pauseWanted = true;
    }

    /// <summary>Lets it go on.</summary>
    public void Resume()
    {
        lock (_lock)
        {
            _pauseWanted = false;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Asks it to end after the running iteration, also while it waits.</summary>
    /// <param name="snapshot">Whether it writes a snapshot first.</param>
    public void Stop(bool snapshot = true)
    {
        lock (_lock)
        {
            _stopWanted = true;
            _stopWithSnapshot = snapshot;
            _solver?.RequestStop(snapshot);
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>
    /// Asks it to end after the running iteration, also while it waits, and to leave a checkpoint from which a new session goes on bit for bit. A running test is
    /// given up and repeated then.
    /// </summary>
    /// <param name="checkpoint">The file to write.</param>
    public void Suspend(string checkpoint)
    {
        lock (_lock) _suspendTo = checkpoint;
        Stop(snapshot: false);
    }

    /// <summary>Asks for a snapshot after the running iteration, also while it waits.</summary>
    public void RequestSnapshot()
    {
        lock (_lock)
        {
            _snapshotWanted = true;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Waits until it has ended.</summary>
    /// <returns>Whether it ended within the time.</returns>
    public bool Wait(TimeSpan? timeout = null) => _ended.Wait(timeout ?? Timeout.InfiniteTimeSpan);

    /// <summary>Ends it without a snapshot and waits for its thread.</summary>
    public void Dispose()
    {
        Stop(snapshot: false);
        _cancellation.Dispose();
        if (_thread == Thread.CurrentThread) return;
        _thread?.Join();
        _ended.Dispose();
    }

    private void Run()
    {
        TrainingState end;
        try
        {
            SetState(TrainingState.Preparing);
            using var solver = new Solver(_parameter, _options);
            lock (_lock)
            {
                _solver = solver;
                if (_stopWanted) solver.RequestStop(_stopWithSnapshot);
            }
            try
            {
                Resumed = solver.Resumed;
                solver.WarmUp();
                SetState(TrainingState.Running);
                int start = solver.Iteration;
                end = EndState(solver.Solve());
                StopReason = solver.StopReason;
                if (end == TrainingState.Stopped && solver.Iteration > start) LeaveCheckpoint(solver);
            }
            finally
            {
                lock (_lock) _solver = null;
            }
        }
        catch (Exception error)
        {
            // Whatever it is, it must not end the program that hosts this thread: it is handed to whoever watches.
            Error = error;
            end = TrainingState.Failed;
        }
        try
        {
            SetState(end);
        }
        finally
        {
            _ended.Set();
        }
    }

    private void LeaveCheckpoint(Solver solver)
    {
        string? path;
        lock (_lock) path = _suspendTo;
        if (path == null) return;
        solver.WriteCheckpoint(path);
        SuspendedTo = path;
    }

    private static TrainingState EndState(SolveOutcome outcome) => outcome switch
    {
        SolveOutcome.Finished => TrainingState.Finished,
        SolveOutcome.Stopped => TrainingState.Stopped,
        _ => TrainingState.Diverged,
    };

    private void SetState(TrainingState state)
    {
        lock (_lock)
        {
            if (_state == state) return;
            _state = state;
        }
        StateChanged?.Invoke(this);
    }

    private void TakeReport(Solver solver, IterationReport report)
    {
        History.Add(report);
        if (report.Closing) return;
        lock (_lock)
        {
            // A mean over about the last ten iterations.
            _secondsPerIteration = _secondsPerIteration == 0 ? report.Seconds : 0.9 * _secondsPerIteration + 0.1 * report.Seconds;
            double speed = _secondsPerIteration > 0 ? 1 / _secondsPerIteration : 0;
            _progress = new TrainingProgress(solver.Iteration, solver.Parameter.MaxIter, report.Loss, report.SmoothedLoss, report.LearningRate, speed, speed * report.Images);
            if (_snapshotWanted)
            {
                _snapshotWanted = false;
                solver.RequestSnapshot();
            }
            if (!_pauseWanted || _stopWanted) return;
        }
        WaitWhilePaused(solver);
    }

    private void WaitWhilePaused(Solver solver)
    {
        SetState(TrainingState.Paused);
        while (true)
        {
            lock (_lock)
            {
                while (_pauseWanted && !_stopWanted && !_snapshotWanted) Monitor.Wait(_lock);
                if (!_snapshotWanted) break;
                _snapshotWanted = false;
            }
            solver.Snapshot();
        }
        SetState(TrainingState.Running);
    }

    private sealed class Watcher : SolverObserver
    {
        private readonly TrainingSession _session;

        public Watcher(TrainingSession session) => _session = session;

        public override void WarmingUp(Solver solver, int done, int total)
        {
            lock (_session._lock) _session._preparedShare = total > 0 ? (double)done / total : 1;
        }

        public override void IterationDone(Solver solver, IterationReport report) => _session.TakeReport(solver, report);

        public override void SnapshotDone(Solver solver, SnapshotFiles files)
        {
            if (!files.Healthy) return;
            lock (_session._lock) _session._lastSnapshot = files;
        }
    }
}
