namespace Cortado.Training;

/// <summary>How far a training is, as of its latest iteration.</summary>
/// <param name="Iteration">Updates done.</param>
/// <param name="MaxIterations">Updates to do in all (<c>max_iter</c>).</param>
/// <param name="Loss">The latest loss.</param>
/// <param name="SmoothedLoss">The loss averaged over <c>average_loss</c> iterations.</param>
/// <param name="LearningRate">The learning rate.</param>
/// <param name="IterationsPerSecond">Over the last iterations, without tests and snapshots; 0 before the first.</param>
/// <param name="ImagesPerSecond">Images that go through the network in a second.</param>
public readonly record struct TrainingProgress(
    int Iteration, int MaxIterations, float Loss, float SmoothedLoss, float LearningRate, double IterationsPerSecond, double ImagesPerSecond)
{
    /// <summary>The share done, from 0 to 1.</summary>
    public double Share => MaxIterations > 0 ? Math.Min(1, (double)Iteration / MaxIterations) : 0;

    /// <summary>The time that the rest will take at the present speed, without tests; null before the first iteration.</summary>
    public TimeSpan? Remaining => IterationsPerSecond > 0 ? TimeSpan.FromSeconds(Math.Max(0, MaxIterations - Iteration) / IterationsPerSecond) : null;
}
