using Cortado.Diagnostics.Rules;
using Cortado.Formats;

namespace Cortado.Diagnostics;

/// <summary>Looks at a training before it starts, and says what will go wrong.</summary>
public static class Doctor
{
    private static readonly IRule[] Rules =
    {
        new DatabaseRule(),
        new ProbeFailureRule(),
        new LossRule(),
        new NonFiniteRule(),
        new ClassNamesRule(),
        new InputRangeRule(),
        new LearningRateRule(),
        new LearningRateScheduleRule(),
        new InitialLossRule(),
        new LabelRule(),
        new PhaseTransformRule(),
        new SnapshotFolderRule(),
        new TestSizeRule(),
    };

    /// <summary>Reads the files, samples the databases, runs the first batch and applies every rule. The worst findings come first.</summary>
    /// <exception cref="CortadoException">A prototxt cannot be read or parsed; everything else is a finding.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static DoctorReport Examine(string solverPath, DoctorOptions options, CancellationToken cancel = default) =>
        Examine(TrainingFiles.Load(solverPath), options, cancel);

    /// <summary>The same for files already read.</summary>
    public static DoctorReport Examine(TrainingFiles files, DoctorOptions options, CancellationToken cancel = default)
    {
        var samples = new List<DataSample>();
        AddSamples(samples, files.Train, files.Train.State, files, options, cancel);
        foreach (NetText test in files.Tests) AddSamples(samples, test, new NetState { Phase = Phase.Test }, files, options, cancel);
        cancel.ThrowIfCancellationRequested();
        FirstBatchProbe? probe = options.Probe ? FirstBatchProbe.Run(files, options, options.Weights) : null;
        var examination = new Examination(files, samples, probe, options.Weights.Count > 0);
        var findings = new List<Finding>();
        foreach (IRule rule in Rules) findings.AddRange(rule.Check(examination));
        // A stable sort: findings of one severity stay in the rules' order.
        var sorted = new List<Finding>();
        for (Severity severity = Severity.Error; severity >= Severity.Info; severity--)
            sorted.AddRange(findings.FindAll(finding => finding.Severity == severity));
        return new DoctorReport(examination, sorted);
    }

    private static void AddSamples(List<DataSample> samples, NetText net, NetState state, TrainingFiles files, DoctorOptions options, CancellationToken cancel)
    {
        foreach (LayerParameter layer in net.LayersIn(state))
        {
            if (layer.Type != "Data") continue;
            var sample = new DataSample { Layer = layer, Net = net, Phase = state.Phase };
            sample.Read(options.Databases, new PathResolver(net.FileName), options.SampleTime, cancel);
            samples.Add(sample);
        }
    }
}
