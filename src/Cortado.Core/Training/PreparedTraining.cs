namespace Cortado.Training;

/// <summary>The files of a training, ready for the doctor and for a session.</summary>
/// <param name="Solver">The solver prototxt.</param>
/// <param name="Labels">The file with the classes' names; null where they are not known.</param>
/// <param name="Train">What the training database holds; null where the files name their own.</param>
/// <param name="Test">What the test database holds; null where the files name their own, or there is none.</param>
public sealed record PreparedTraining(string Solver, string? Labels, DatabaseSummary? Train, DatabaseSummary? Test);
