namespace Cortado.Inference;

/// <summary>A class and how sure the network is of it.</summary>
/// <param name="Index">The class's number, from 0.</param>
/// <param name="Label">Its name; the number as text where there are no names.</param>
/// <param name="Probability">The network's output for it: a probability where the network ends in a Softmax.</param>
public readonly record struct ClassScore(int Index, string Label, float Probability);
