using System.Diagnostics;
using Cortado.Formats;
using Cortado.Nets;
using Cortado.Tensors;

namespace Cortado.Solvers;

/// <summary>
/// Trains a network as Caffe does: forward, backward, update, and on the way tests and snapshots. It belongs to one thread at
/// a time; only <see cref="RequestStop"/> may be called from any. It knows no user interface: observers are
/// told of each iteration.
/// </summary>
public sealed class Solver : IDisposable
{
    private readonly SolverOptions _options;
    private readonly LearningRatePolicy _policy;
    private readonly SmoothedLoss _smoothed;
    private readonly SolverNets _nets = null!;
    private readonly ParamNorms _norms = null!;
    private readonly WeightUpdate _update = null!;
    private readonly TestRunner _tests = null!;
    private readonly IterationReport _report = null!;
    private readonly SolverMemory _memory = null!;
    private readonly SnapshotWriter _snapshots = null!;
    private readonly DebugInfo? _debug;
    private int _currentStep, _lastDisplayed, _startIteration, _lastSnapshot = -1;
    private long _displayedAt;
    private bool _gradientsZero, _warm;
    private volatile bool _stopRequested, _snapshotOnStop, _snapshotRequested;

    /// <summary>Builds the networks of a solver.</summary>
    /// <param name="parameter">The solver, upgraded (<see cref="SolverFile"/>); it is copied.</param>
    /// <param name="options">Backend, files and overrides.</param>
    /// <exception cref="CortadoException">A setting, a network or a file is wrong.</exception>
    public Solver(SolverParameter parameter, SolverOptions options)
    {
        _options = options;
        Observers = options.Observers.ToArray();
        Parameter = parameter.Clone();
        if (options.MaxIterations is { } most) Parameter.MaxIter = most;
        CheckNumbers();
        _policy = new LearningRatePolicy(Parameter);
        _smoothed = new SmoothedLoss(Parameter.AverageLoss);
        if (options.Snapshot != null && options.Weights.Count > 0)
            throw new CortadoException("A snapshot to go on from and weights to start from were given; expected one of them.");
        using ResumeSource? resume = options.Snapshot == null ? null : ResumeSource.Open(options.Snapshot);
        Seed = resume?.Seed ?? options.Seed ?? (Parameter.RandomSeed >= 0 ? (ulong)Parameter.RandomSeed : (ulong)Stopwatch.GetTimestamp());
        try
        {
            SolverRehearsal.Check(Parameter, options, Seed);
            _nets = new SolverNets(Parameter, options, Seed);
            _norms = new ParamNorms(options.Backend, Net.Params);
            _update = new WeightUpdate(options.Backend, Parameter, Net.Params, _norms);
            _tests = new TestRunner(this, _nets.Tests);
            _report = new IterationReport(new NetScores(Net));
            if (Parameter.DebugInfo) _debug = new DebugInfo(WriteDebugLine);
            _memory = new SolverMemory(Parameter, _nets, _update.History, _smoothed);
            _snapshots = new SnapshotWriter(this, options.FileName, _memory, _norms);
            if (Parameter.Snapshot > 0) _snapshots.Check();
            if (resume == null) WeightReports = _nets.LoadWeights(options.Weights.Count > 0 ? options.Weights : Parameter.Weights, new PathResolver(options.FileName));
            else TakeOver(resume);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The solver's settings with all overrides.</summary>
    public SolverParameter Parameter { get; }

    /// <summary>The seed of all random numbers.</summary>
    public ulong Seed { get; }

    /// <summary>The network that is trained.</summary>
    public Net Net => _nets.Train;

    /// <summary>The test networks; they use the training network's weights.</summary>
    public IReadOnlyList<Net> TestNets => _nets.Tests;

    /// <summary>Where the training network came from, in Caffe's words: <c>net file: train_val.prototxt</c>.</summary>
    public string TrainSource => _nets.TrainSource;

    /// <summary>Where the test networks came from.</summary>
    public IReadOnlyList<string> TestSources => _nets.TestSources;

    /// <summary>What was loaded from each weight file, in order; empty for none.</summary>
    public IReadOnlyList<WeightReport> WeightReports { get; } = Array.Empty<WeightReport>();

    /// <summary>Where the training went on from; null for a new one.</summary>
    public ResumeInfo? Resumed { get; private set; }

    /// <summary>The latest snapshot whose weights are all finite, of this run; null for none.</summary>
    public SnapshotFiles? LastHealthySnapshot { get; private set; }

    /// <summary>Updates done so far.</summary>
    public int Iteration { get; private set; }

    /// <summary>Steps taken by lr_policy <c>step</c> and <c>multistep</c>.</summary>
    public int CurrentStep => _currentStep;

    /// <summary>What the update rule remembers of earlier gradients, in Caffe's order: for AdaDelta and Adam all first arrays, then all second ones.</summary>
    public IReadOnlyList<Blob> History => _update.History;

    /// <summary>The latest iteration's report.</summary>
    public IterationReport Report => _report;

    /// <summary>Why a monitor ended the training; null where none did.</summary>
    public string? StopReason { get; private set; }

    /// <summary>Whether the training shall end: somebody asked for it, or a monitor said so.</summary>
    public bool Stopping => _stopRequested || StopReason != null;

    private bool Displays => Parameter.Display > 0 && Iteration % Parameter.Display == 0;

    private bool TestsNow => Parameter.TestInterval > 0 && Iteration % Parameter.TestInterval == 0;

    /// <summary>Asks the training to end after the running iteration, or a running test at its next batch. May be called from any thread.</summary>
    /// <param name="snapshot">Whether <see cref="Solve"/> writes a snapshot before it returns.</param>
    public void RequestStop(bool snapshot = true)
    {
        _snapshotOnStop = snapshot;
        _stopRequested = true;
    }

    /// <summary>Asks for a snapshot after the running iteration. May be called from any thread.</summary>
    public void RequestSnapshot() => _snapshotRequested = true;

    /// <summary>Says that somebody else wrote to the learnable blobs' gradients, so that the next step clears them first.</summary>
    public void GradientsTouched() => _gradientsZero = false;

    /// <summary>
    /// Has the device compile its kernels and make its memory for all that the training will do but the second batch of its data, so that what is missing shows before the first iteration, and
    /// no iteration waits for a compiler. Weights, history and data stay as they are. <see cref="Solve"/> does it where nobody has; on a backend that compiles nothing it is nothing.
    /// </summary>
    /// <exception cref="CortadoException">The device has no room, or cannot compile a kernel.</exception>
    /// <exception cref="DeviceException">The device failed.</exception>
    public void WarmUp()
    {
        if (_warm || _options.Backend is not Backends.IKernelCompiler || Iteration >= Parameter.MaxIter) return;
        try
        {
            new SolverWarmUp(this).Run(Parameter.ClipGradients >= 0 ? _norms : null);
        }
        catch (DeviceException failure)
        {
            throw Interrupted(failure);
        }
        _warm = !Stopping;
    }

    /// <summary>Trains up to <c>max_iter</c>, with all tests and snapshots.</summary>
    /// <exception cref="CortadoException">Data cannot be read, or a snapshot not written. That a snapshot could not be written is said before the first iteration where it can be known.</exception>
    /// <exception cref="DeviceException">The device failed; the message says what the driver said and what to go on from.</exception>
    public SolveOutcome Solve()
    {
        StopReason = null;
        if (Parameter.Snapshot > 0 || Parameter.SnapshotAfterTrain) _snapshots.Check();
        WarmUp();
        try
        {
            return SolveAll();
        }
        catch (DeviceException failure)
        {
            throw Interrupted(failure);
        }
    }

    /// <summary>Trains for some iterations, whatever <c>max_iter</c> says; fewer when the training is to end.</summary>
    /// <exception cref="DeviceException">The device failed; the message says what the driver said and what to go on from.</exception>
    public void Step(int iterations)
    {
        StopReason = null;
        try
        {
            Run(Iteration + iterations);
        }
        catch (DeviceException failure)
        {
            throw Interrupted(failure);
        }
        _stopRequested = false;
    }

    /// <summary>
    /// Writes a snapshot now: <c>PREFIX_iter_N.caffemodel</c> and <c>.solverstate</c> as Caffe does, and <c>.cortado</c> to go on from bit for bit. Where weights
    /// are not finite, the names begin with <c>PREFIX_diverged</c>.
    /// </summary>
    /// <exception cref="CortadoException">A file cannot be written, or there is no prefix for its name.</exception>
    public SnapshotFiles Snapshot()
    {
        _snapshotRequested = false;
        SnapshotFiles files = _snapshots.Write();
        _lastSnapshot = Iteration;
        if (files.Healthy) LastHealthySnapshot = files;
        return files;
    }

    /// <summary>
    /// Writes everything that is needed to go on bit for bit into one file, whatever the prototxt says of snapshots; an existing file is replaced only when all is
    /// on disk. For an interruption: observers are not told, and it does not count as a snapshot.
    /// </summary>
    /// <exception cref="CortadoException">The file cannot be written.</exception>
    public void WriteCheckpoint(string path) => _memory.Write(path, Iteration, CurrentStep, Seed);

    /// <summary>The first learnable blob with a value that is not finite, or null: one pass over all weights.</summary>
    public LearnableParam? FirstNonFiniteParam() => _norms.FirstNonFinite();

    /// <summary>Runs all test networks now.</summary>
    public IReadOnlyList<TestReport> TestAll()
    {
        _tests.RunAll(_report.TestList);
        return _report.Tests;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _update?.Dispose();
        _norms?.Dispose();
        _nets?.Dispose();
    }

    internal SolverObserver[] Observers { get; }

    private SolveOutcome SolveAll()
    {
        _startIteration = Iteration;
        foreach (SolverObserver observer in Observers) observer.Started(this);
        Run(Parameter.MaxIter);
        SolveOutcome outcome = StopReason != null ? SolveOutcome.Diverged : _stopRequested ? SolveOutcome.Stopped : SolveOutcome.Finished;
        if (LastSnapshotWanted(outcome)) Snapshot();
        if (outcome == SolveOutcome.Finished) Close();
        if (_stopRequested && outcome == SolveOutcome.Finished) outcome = SolveOutcome.Stopped;
        foreach (SolverObserver observer in Observers) observer.Finished(this, outcome);
        _stopRequested = false;
        return outcome;
    }

    private DeviceException Interrupted(DeviceException failure)
    {
        string? last = LastHealthySnapshot?.Checkpoint ?? Resumed?.Path;
        string next = last != null
            ? $"The last snapshot is whole: go on with --snapshot {last}"
            : "No snapshot had been written (solver field snapshot): start again";
        return new DeviceException($"{failure.Message} The training stopped in iteration {Iteration}. {next}, and if it happens again with a smaller batch (--batch N), a newer driver or --device cpu.", failure);
    }

    private void Run(int end)
    {
        _displayedAt = Stopwatch.GetTimestamp();
        _lastDisplayed = Iteration;
        while (Iteration < end && !Stopping) StepOnce();
    }

    private void StepOnce()
    {
        _report.TestList.Clear();
        // A test that was run to its end has moved its data on: then the iteration follows in any case, so that a checkpoint never lies between the two.
        if (TestsNow && (Iteration > 0 || Parameter.TestInitialization) && !_tests.RunAll(_report.TestList)) return;

        long start = Stopwatch.GetTimestamp();
        bool displays = Displays;
        if (!_gradientsZero) Net.ClearParamDiffs();
        _gradientsZero = false;
        float loss = 0;
        if (displays) _debug?.Attach(Net);
        for (int i = 0; i < Parameter.IterSize; i++)
        {
            Net.Forward();
            if (displays) _report.OutputScores.Begin();
            Net.Backward();
            loss += Net.Loss();
            if (displays) _debug?.AllParams(Net);
        }
        if (displays) _debug?.Detach(Net);
        ReportLoss(loss / Parameter.IterSize, displays);
        _report.Images = Parameter.IterSize * _nets.BatchSize;
        int step = _currentStep;
        _report.LearningRate = _policy.At(Iteration, ref step);
        _report.CurrentStep = step;
        _report.StepTaken = _policy.Name == "multistep" && step != _currentStep;
        TrainingVerdict verdict = _options.Monitor?.BeforeUpdate(this, _report) ?? default;
        if (verdict.Stop)
        {
            _report.GradientNorm = null;
            _report.ClipScale = 1;
        }
        else
        {
            _currentStep = step;
            _update.Apply(_report.LearningRate, Iteration, _report);
            _gradientsZero = true;
            Iteration++;
        }
        _report.Seconds = SecondsSince(start);
        foreach (SolverObserver observer in Observers) observer.IterationDone(this, _report);
        if (!verdict.Stop && _options.Monitor != null) verdict = _options.Monitor.AfterIteration(this, _report);
        if (verdict.Stop) StopReason = verdict.Reason ?? "The monitor ended the training.";
        else if (_snapshotRequested || (Parameter.Snapshot > 0 && Iteration % Parameter.Snapshot == 0)) Snapshot();
    }

    // As Caffe: after the training unless the last iteration's number asked for one already; on a stop, whatever the prototxt says.
    private bool LastSnapshotWanted(SolveOutcome outcome)
    {
        if (outcome == SolveOutcome.Diverged || _lastSnapshot == Iteration) return false;
        if (outcome == SolveOutcome.Finished) return Parameter.SnapshotAfterTrain && (Parameter.Snapshot == 0 || Iteration % Parameter.Snapshot != 0);
        return _snapshotOnStop && _snapshots.HasPrefix && Iteration > _startIteration;
    }

    /// <summary>Goes on from a snapshot.</summary>
    internal void TakeOver(ResumeSource resume)
    {
        Resumed = resume.Apply(_memory);
        Iteration = resume.Iteration;
        _currentStep = resume.CurrentStep;
        _update.HistoryChanged();
    }

    private void WriteDebugLine(string line)
    {
        foreach (SolverObserver observer in Observers) observer.DebugLine(this, line);
    }

    private void ReportLoss(float loss, bool displays)
    {
        _smoothed.Add(loss);
        _report.Iteration = Iteration;
        _report.Loss = loss;
        _report.SmoothedLoss = _smoothed.Value;
        _report.Closing = false;
        _report.Displayed = displays;
        if (!displays) return;
        _report.OutputScores.Read();
        _report.IterationsSinceDisplay = Iteration - _lastDisplayed;
        _report.SecondsSinceDisplay = SecondsSince(_displayedAt);
        _lastDisplayed = Iteration;
        _displayedAt = Stopwatch.GetTimestamp();
    }

    // What Caffe does after the last update: a forward pass to show the loss, and a test, each only if it falls on its interval.
    private void Close()
    {
        _report.TestList.Clear();
        bool displays = Displays, tests = TestsNow && TestNets.Count > 0;
        if (displays)
        {
            Net.Forward();
            ReportLoss(Net.Loss(), displays);
        }
        _report.Iteration = Iteration;
        _report.Displayed = displays;
        _report.Closing = true;
        _report.LearningRate = 0;
        if (tests) _tests.RunAll(_report.TestList);
        if (!displays && !tests) return;
        foreach (SolverObserver observer in Observers) observer.IterationDone(this, _report);
    }

    private void CheckNumbers()
    {
        if (Parameter.IterSize < 1) throw new CortadoException($"The solver's iter_size is {Parameter.IterSize}; expected at least 1.");
        if (Parameter.AverageLoss < 1) throw new CortadoException($"The solver's average_loss is {Parameter.AverageLoss}; expected at least 1.");
        if (Parameter.TestInterval < 0) throw new CortadoException($"The solver's test_interval is {Parameter.TestInterval}; expected 0 or more.");
        if (Parameter.Snapshot < 0) throw new CortadoException($"The solver's snapshot is {Parameter.Snapshot}; expected 0 or more.");
    }

    private static double SecondsSince(long start) => (Stopwatch.GetTimestamp() - start) / (double)Stopwatch.Frequency;
}
