namespace Cortado.Solvers;

/// <summary>One number that a network puts out.</summary>
/// <param name="Name">The blob's name.</param>
/// <param name="Value">The value, in a test the mean over the test's batches.</param>
/// <param name="LossWeight">Its weight in the network's loss; 0 where it is none.</param>
public readonly record struct NetScore(string Name, float Value, float LossWeight);
