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
    private readonly SolverNets _nets;
    private readonly LearningRatePolicy _policy;
    private readonly WeightUpdate _update;
    private readonly SmoothedLoss _smoothed;
    private readonly TestRunner _tests;
    private readonly IterationReport _report;
    private int _currentStep, _lastDisplayed;
    private long _displayedAt;
    private bool _gradientsZero;
    private volatile bool _stopRequested;

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
        Seed = options.Seed ?? (Parameter.RandomSeed >= 0 ? (ulong)Parameter.RandomSeed : (ulong)Stopwatch.GetTimestamp());
        _nets = new SolverNets(Parameter, options, Seed);
        try
        {
            _update = new WeightUpdate(options.Backend, Parameter, _nets.Train.Params);
        }
        catch
        {
            _nets.Dispose();
            throw;
        }
        _smoothed = new SmoothedLoss(Parameter.AverageLoss);
        _tests = new TestRunner(this, _nets.Tests);
        _report = new IterationReport(new NetScores(_nets.Train));
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

    /// <summary>Asks the training to end after the running iteration. May be called from any thread.</summary>
    public void RequestStop() => _stopRequested = true;

    /// <summary>Says that somebody else wrote to the learnable blobs' gradients, so that the next step clears them first.</summary>
    public void GradientsTouched() => _gradientsZero = false;

    /// <summary>Trains up to <c>max_iter</c>, with all tests and snapshots.</summary>
    public SolveOutcome Solve()
    {
        _stopRequested = false;
        StopReason = null;
        foreach (SolverObserver observer in Observers) observer.Started(this);
        Step(Parameter.MaxIter - Iteration);
        if (!Stopping) Close();
        SolveOutcome outcome = StopReason != null ? SolveOutcome.Diverged : _stopRequested ? SolveOutcome.Stopped : SolveOutcome.Finished;
        foreach (SolverObserver observer in Observers) observer.Finished(this, outcome);
        return outcome;
    }

    /// <summary>Trains for some iterations, whatever <c>max_iter</c> says; fewer when the training is to end.</summary>
    public void Step(int iterations)
    {
        int end = Iteration + iterations;
        _displayedAt = Stopwatch.GetTimestamp();
        _lastDisplayed = Iteration;
        while (Iteration < end && !Stopping) StepOnce();
    }

    /// <summary>Runs all test networks now.</summary>
    public IReadOnlyList<TestReport> TestAll()
    {
        _tests.RunAll(_report.TestList);
        return _report.Tests;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _update.Dispose();
        _nets.Dispose();
    }

    internal SolverObserver[] Observers { get; }

    private void StepOnce()
    {
        _report.TestList.Clear();
        if (TestsNow && (Iteration > 0 || Parameter.TestInitialization)) _tests.RunAll(_report.TestList);
        if (Stopping) return;

        long start = Stopwatch.GetTimestamp();
        bool displays = Displays;
        if (!_gradientsZero) Net.ClearParamDiffs();
        _gradientsZero = false;
        float loss = 0;
        for (int i = 0; i < Parameter.IterSize; i++)
        {
            Net.Forward();
            Net.Backward();
            loss += Net.Loss();
        }
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
