namespace Cortado.Solvers;

/// <summary>
/// What one iteration of a training did. Raised once for each iteration; console, window, history and diagnosis read it. The
/// object is used again for the next iteration: copy what must last.
/// </summary>
public sealed class IterationReport
{
    private readonly List<TestReport> _tests = new();
    private readonly NetScores _outputs;

    internal IterationReport(NetScores outputs) => _outputs = outputs;

    /// <summary>The iteration's number: updates done before it, from 0.</summary>
    public int Iteration { get; internal set; }

    /// <summary>The loss, averaged over <c>iter_size</c> batches.</summary>
    public float Loss { get; internal set; }

    /// <summary>The loss averaged over the last <c>average_loss</c> iterations.</summary>
    public float SmoothedLoss { get; internal set; }

    /// <summary>The learning rate; 0 in the closing report, which updates nothing.</summary>
    public float LearningRate { get; internal set; }

    /// <summary>How long forward, backward and update took, without tests and snapshots.</summary>
    public double Seconds { get; internal set; }

    /// <summary>Items that went through the network: the batch size times <c>iter_size</c>.</summary>
    public int Images { get; internal set; }

    /// <summary>Tests that were run just before the iteration; empty for none.</summary>
    public IReadOnlyList<TestReport> Tests => _tests;

    /// <summary>Whether the iteration is one to show (<c>display</c>).</summary>
    public bool Displayed { get; internal set; }

    /// <summary>Iterations since the last one shown; 0 the first time.</summary>
    public int IterationsSinceDisplay { get; internal set; }

    /// <summary>Time since the last one shown, or since the beginning, tests included.</summary>
    public double SecondsSinceDisplay { get; internal set; }

    /// <summary>The training network's outputs; read only for an iteration to show.</summary>
    public IReadOnlyList<NetScore> Outputs => _outputs.Scores;

    /// <summary>The L2 norm of the whole gradient, where <c>clip_gradients</c> asks for it.</summary>
    public float? GradientNorm { get; internal set; }

    /// <summary>What the gradient was multiplied with by <c>clip_gradients</c>; 1 for nothing.</summary>
    public float ClipScale { get; internal set; } = 1;

    /// <summary>Steps taken by lr_policy <c>step</c> and <c>multistep</c>.</summary>
    public int CurrentStep { get; internal set; }

    /// <summary>Whether lr_policy <c>multistep</c> took a step in this iteration.</summary>
    public bool StepTaken { get; internal set; }

    /// <summary>
    /// Whether this is the closing report: a forward pass after the last update (only where <c>display</c> asks for it) and
    /// the last test.
    /// </summary>
    public bool Closing { get; internal set; }

    internal NetScores OutputScores => _outputs;

    internal List<TestReport> TestList => _tests;
}
