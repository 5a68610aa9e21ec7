using System.Globalization;
using Cortado.OpenCL.Operators;

namespace Cortado.OpenCL;

/// <summary>How much of the machine tuning in the background takes.</summary>
internal sealed record BackgroundPace
{
    /// <summary>Names another budget in seconds; 0 for none.</summary>
    public const string Variable = "CORTADO_BACKGROUND_TUNING";

    /// <summary>Work over all starts, pauses not counted: about as much as trying all candidates takes on a fast driver.</summary>
    public static readonly TimeSpan DefaultBudget = TimeSpan.FromSeconds(60);

    /// <summary>How long nothing must have been prepared before work begins, so that a program that only starts and ends is left alone.</summary>
    public TimeSpan Quiet { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The share of the time that is worked.</summary>
    public double Duty { get; init; } = 0.1;

    /// <summary>Scales the work of a candidate: smaller than in the foreground, for others wait for each piece of it.</summary>
    public int Batch { get; init; } = 32;

    /// <summary>The share of the device's memory beyond which the network in use leaves no room for trials.</summary>
    public double MostMemory { get; init; } = 0.75;

    /// <summary>What is tried.</summary>
    public IReadOnlyList<Func<TileTuning, IEnumerable<TileTuning>>> Rounds { get; init; } = TileCandidates.Rounds;

    /// <summary>Told of each candidate, on the thread that tries it, for tests; null for nobody.</summary>
    public Action<OpenClTuningStep>? Progress { get; init; }

    /// <summary>A command of a trial that shall fail, for tests; null for none.</summary>
    public Runtime.FaultInjection? Fault { get; init; }

    /// <summary>The budget of the environment, else the default one.</summary>
    public static TimeSpan Budget() =>
        double.TryParse(Environment.GetEnvironmentVariable(Variable), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds)
            ? TimeSpan.FromSeconds(Math.Min(seconds, 1e6)) : DefaultBudget;
}
