using Cortado.Solvers;

namespace Cortado.Diagnostics.Monitoring;

/// <summary>
/// Watches a running training at well under 1 % of its time and says what goes wrong, as findings. It stops the training at
/// the first loss that is not finite, unless it is told to let it go on.
/// </summary>
public sealed class TrainingMonitor : ITrainingMonitor
{
    private readonly List<Finding> _findings = new();
    private readonly bool _keepGoing;
    private readonly DoctorReport? _before;
    private readonly PinnedLossWatch _pinned = new();
    private readonly UpdateRatioWatch _ratios = new();
    private bool _nonFinite;
    private float _lastFiniteLoss = float.NaN;

    /// <summary>Creates a monitor for one training.</summary>
    /// <param name="before">What the doctor found before the training: its edits are named again when it diverges.</param>
    /// <param name="keepGoing">Whether the training goes on after a loss that is not finite.</param>
    public TrainingMonitor(DoctorReport? before = null, bool keepGoing = false)
    {
        _before = before;
        _keepGoing = keepGoing;
    }

    /// <summary>Raised for each new finding, on the training's thread.</summary>
    public event Action<Finding>? Found;

    /// <summary>What was found so far.</summary>
    public IReadOnlyList<Finding> Findings => _findings;

    /// <inheritdoc/>
    public TrainingVerdict BeforeUpdate(Solver solver, IterationReport report)
    {
        if (float.IsNaN(report.Loss) || float.IsInfinity(report.Loss)) return NonFinite(solver, report);
        _lastFiniteLoss = report.Loss;
        if (_pinned.Check(solver, report) is { } pinned) Add(pinned);
        _ratios.Remember(solver, report.Iteration);
        return TrainingVerdict.Continue;
    }

    /// <inheritdoc/>
    public TrainingVerdict AfterIteration(Solver solver, IterationReport report)
    {
        if (_ratios.Check(solver, report.Iteration) is not { } finding) return TrainingVerdict.Continue;
        Add(finding);
        if (finding.Severity != Severity.Error || _keepGoing || _nonFinite) return TrainingVerdict.Continue;
        _nonFinite = true;
        return TrainingVerdict.StopBecause(finding.Summary);
    }

    private TrainingVerdict NonFinite(Solver solver, IterationReport report)
    {
        if (!_nonFinite)
        {
            _nonFinite = true;
            Add(NonFiniteFinding.Of(solver.Net, report, _lastFiniteLoss, _ratios.Largest, _before));
        }
        return _keepGoing ? TrainingVerdict.Continue : TrainingVerdict.StopBecause(_findings[_findings.Count - 1].Summary);
    }

    private void Add(Finding finding)
    {
        _findings.Add(finding);
        Found?.Invoke(finding);
    }
}
