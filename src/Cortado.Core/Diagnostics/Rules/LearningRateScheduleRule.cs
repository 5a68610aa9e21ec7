using Cortado.Formats;
using Cortado.Solvers;

namespace Cortado.Diagnostics.Rules;

/// <summary>A learning rate that is, or becomes, 0, negative or no number.</summary>
public sealed class LearningRateScheduleRule : IRule
{
    private const int MostIterations = 1_000_000;

    /// <inheritdoc/>
    public string Id => "learning-rate-schedule";

    /// <inheritdoc/>
    public IEnumerable<Finding> Check(Examination examination)
    {
        SolverParameter solver = examination.Solver;
        string? failure = null;
        LearningRatePolicy? policy = null;
        try
        {
            policy = new LearningRatePolicy(solver);
        }
        catch (CortadoException error)
        {
            failure = error.Message;
        }
        if (policy == null)
        {
            yield return Template(examination, "lr_policy") with { Summary = "The learning rate cannot be computed.", Why = failure! };
            yield break;
        }
        int last = Math.Min(Math.Max(solver.MaxIter, 1), MostIterations), step = 0;
        for (int iteration = 0; iteration < last; iteration++)
        {
            float rate = policy.At(iteration, ref step);
            if (rate > 0 && !float.IsInfinity(rate)) continue;
            string field = iteration == 0 && !(solver.BaseLr > 0) ? "base_lr" : "lr_policy";
            yield return Template(examination, field) with
            {
                Measured = new Measurement(FormattableString.Invariant($"learning rate at iteration {iteration}"), rate),
                Summary = iteration == 0
                    ? FormattableString.Invariant($"The learning rate is {rate}.")
                    : FormattableString.Invariant($"The learning rate becomes {rate} at iteration {iteration} of {solver.MaxIter}."),
                Why = rate == 0
                    ? "With a rate of 0 nothing is learnt: iterations from there on only cost time. Look at base_lr, gamma, power and stepsize."
                    : "Weights that are moved by such a rate are lost. Look at base_lr, gamma, power and stepsize.",
            };
            yield break;
        }
    }

    private Finding Template(Examination examination, string field) => new()
    {
        Rule = Id,
        Severity = Severity.Error,
        Subject = "solver field " + field,
        Place = examination.Files.SolverPlace(field),
        Expected = new ExpectedRange(float.Epsilon, null),
        Summary = "",
        Why = "",
    };
}
