namespace Cortado.Solvers;

/// <summary>What a monitor says after looking at a training.</summary>
/// <param name="Stop">Whether the training shall end here.</param>
/// <param name="Reason">Why, in a sentence for people; null where it goes on.</param>
public readonly record struct TrainingVerdict(bool Stop, string? Reason)
{
    /// <summary>Go on.</summary>
    public static TrainingVerdict Continue => default;

    /// <summary>Stop, with the reason.</summary>
    public static TrainingVerdict StopBecause(string reason) => new(true, reason);
}
