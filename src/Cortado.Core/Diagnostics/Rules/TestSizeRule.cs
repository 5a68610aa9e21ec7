using Cortado.Formats;

namespace Cortado.Diagnostics.Rules;

/// <summary>Tests that score more records than there are, or fewer.</summary>
public sealed class TestSizeRule : IRule
{
    /// <inheritdoc/>
    public string Id => "test-size";

    /// <inheritdoc/>
    public IEnumerable<Finding> Check(Examination examination)
    {
        SolverParameter solver = examination.Solver;
        IReadOnlyList<NetText> tests = examination.Files.Tests;
        for (int i = 0; i < Math.Min(tests.Count, solver.TestIter.Count); i++)
        {
            foreach (DataSample sample in examination.Samples)
            {
                if (sample.Net != tests[i] || sample.Phase != Phase.Test || sample.Failure != null) continue;
                if (Of(examination, solver.TestIter[i], sample) is { } finding) yield return finding;
            }
        }
    }

    private Finding? Of(Examination examination, int iterations, DataSample sample)
    {
        long batch = sample.Layer.DataParam?.BatchSize ?? 0, scored = iterations * batch, records = sample.Records;
        if (batch <= 0 || iterations <= 0 || scored == records) return null;
        long fitting = Math.Max(1, (records + batch - 1) / batch);
        // The last batch need not be full: what it has too many is of no weight.
        if (iterations == fitting && scored - records < batch) return null;
        string fits = FormattableString.Invariant($"test_iter {fitting} with batch_size {batch} goes once through them");
        return new Finding
        {
            Rule = Id,
            Severity = Severity.Info,
            Subject = "solver field test_iter",
            Place = examination.Files.SolverPlace("test_iter"),
            Summary = FormattableString.Invariant($"A test scores {scored} records (test_iter {iterations} x batch_size {batch}), and the database of layer '{sample.Layer.Name}' has {records}."),
            Why = scored > records
                ? $"Records are scored more than once: that takes time and tells no more. {fits}."
                : $"Each test sees another part of the records, so its accuracy wavers for that reason, too. {fits}.",
            Measured = new Measurement("records a test scores", scored),
            Expected = new ExpectedRange(records, records),
        };
    }
}
