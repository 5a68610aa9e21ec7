using Cortado.Formats;

namespace Cortado.Diagnostics.Rules;

/// <summary>Snapshots that have no folder to lie in.</summary>
public sealed class SnapshotFolderRule : IRule
{
    /// <inheritdoc/>
    public string Id => "snapshot-folder";

    /// <inheritdoc/>
    public IEnumerable<Finding> Check(Examination examination)
    {
        SolverParameter solver = examination.Solver;
        if (solver.Snapshot <= 0 && !solver.SnapshotAfterTrain) yield break;
        string prefix = SolverFile.SnapshotPrefix(solver, examination.Files.Solver.FileName), folder = Path.GetDirectoryName(Path.GetFullPath(prefix)) ?? "";
        if (folder.Length == 0 || Directory.Exists(folder)) yield break;
        string? file = FileInTheWay(folder);
        yield return new Finding
        {
            Rule = Id,
            Severity = Severity.Error,
            Subject = "solver field snapshot_prefix",
            Place = examination.Files.SolverPlace("snapshot_prefix"),
            Summary = $"The folder of the snapshots, {folder}, does not exist.",
            Why = file == null
                ? "As with Caffe, no folder is made for snapshots, so the training would refuse to start. Make the folder, or change snapshot_prefix."
                : $"It cannot be made either: {file} is a file. Change snapshot_prefix.",
        };
    }

    private static string? FileInTheWay(string folder)
    {
        for (string? above = folder; above != null; above = Path.GetDirectoryName(above))
        {
            if (File.Exists(above)) return above;
            if (Directory.Exists(above)) return null;
        }
        return null;
    }
}
