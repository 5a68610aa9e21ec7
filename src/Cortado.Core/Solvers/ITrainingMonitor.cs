namespace Cortado.Solvers;

/// <summary>
/// Watches a training and may end it. The solver itself never judges a loss: it computes on with NaN as Caffe does, unless a
/// monitor stops it. Called on the training's thread; must not allocate in the usual case.
/// </summary>
public interface ITrainingMonitor
{
    /// <summary>
    /// Called when the gradients are there and before the weights change. The report has <see cref="IterationReport.Loss"/>, <see cref="IterationReport.SmoothedLoss"/> and
    /// <see cref="IterationReport.Tests"/>; gradients stand in the learnable blobs' diff, summed over <c>iter_size</c> batches, before clipping and decay.
    /// A stop leaves the weights as they were.
    /// </summary>
    TrainingVerdict BeforeUpdate(Solver solver, IterationReport report);

    /// <summary>Called after the update, before a snapshot is written. Gradients are zero again; for SGD the history holds the update.</summary>
    TrainingVerdict AfterIteration(Solver solver, IterationReport report);
}
