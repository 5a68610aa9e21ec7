namespace Cortado.Diagnostics;

/// <summary>How bad a finding is.</summary>
public enum Severity
{
    /// <summary>Worth knowing; nothing need be done.</summary>
    Info,

    /// <summary>The training will probably go worse than it could.</summary>
    Warning,

    /// <summary>The training cannot work, or cannot start.</summary>
    Error,
}

/// <summary>A number that was measured or computed, with what it is the number of.</summary>
/// <param name="Name">What was measured, in words: <c>base_lr x mean square of 'data'</c>.</param>
/// <param name="Value">The number.</param>
public sealed record Measurement(string Name, double Value);

/// <summary>The numbers that would have been fine. An absent bound is no bound.</summary>
/// <param name="Least">The least fine value.</param>
/// <param name="Most">The largest fine value.</param>
public sealed record ExpectedRange(double? Least, double? Most);

/// <summary>
/// One thing that the doctor saw, as data: a console prints it, a window lays it out, a test reads it. What it says in words is made
/// from these fields.
/// </summary>
public sealed record Finding
{
    /// <summary>The rule that found it: <c>input-range</c>.</summary>
    public required string Rule { get; init; }

    /// <summary>How bad it is.</summary>
    public required Severity Severity { get; init; }

    /// <summary>What it is about: a layer, a blob, a record's key, a solver field.</summary>
    public required string Subject { get; init; }

    /// <summary>Where in the files: <c>train_val.prototxt:12:3</c>; null where it is about no text.</summary>
    public string? Place { get; init; }

    /// <summary>The finding in one sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>Why it matters, in plain words.</summary>
    public required string Why { get; init; }

    /// <summary>What was measured.</summary>
    public Measurement? Measured { get; init; }

    /// <summary>What would have been fine.</summary>
    public ExpectedRange? Expected { get; init; }

    /// <summary>The iteration at which it was seen, during training; null before it.</summary>
    public int? Iteration { get; init; }

    /// <summary>The edits that cure it; empty where the cure is not an edit.</summary>
    public IReadOnlyList<PrototxtEdit> Edits { get; init; } = Array.Empty<PrototxtEdit>();
}
