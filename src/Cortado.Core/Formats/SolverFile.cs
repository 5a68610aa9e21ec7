namespace Cortado.Formats;

/// <summary>Solver prototxt files.</summary>
public static class SolverFile
{
    /// <summary>Reads a solver and upgrades the old <c>solver_type</c>, as Caffe does when it opens one.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The solver; the locations are those of the file.</returns>
    /// <exception cref="CortadoException">The file cannot be read, is no solver, or names its type twice.</exception>
    public static PrototxtDocument<SolverParameter> Load(string path) => Upgrade(Prototxt.Load<SolverParameter>(path));

    /// <summary>Reads a solver from text and upgrades the old <c>solver_type</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="fileName">The name that errors and locations give.</param>
    /// <returns>The solver; the locations are those of the text.</returns>
    /// <exception cref="CortadoException">The text is no solver, or names its type twice.</exception>
    public static PrototxtDocument<SolverParameter> Parse(string text, string fileName) =>
        Upgrade(Prototxt.Parse<SolverParameter>(text, fileName));

    /// <summary>
    /// The prefix of snapshot files: <c>snapshot_prefix</c>; without one, the solver file's path without its extension; and where it names
    /// a folder, the solver file's name inside it (Caffe's rule).
    /// </summary>
    /// <param name="solver">The solver.</param>
    /// <param name="solverPath">Its file.</param>
    /// <returns>The prefix, to which <c>_iter_N.caffemodel</c> is added.</returns>
    public static string SnapshotPrefix(SolverParameter solver, string solverPath)
    {
        ThrowIf.Null(solver, nameof(solver));
        ThrowIf.Null(solverPath, nameof(solverPath));
        if (!solver.HasSnapshotPrefix)
        {
            return Path.ChangeExtension(solverPath, null);
        }

        return Directory.Exists(solver.SnapshotPrefix)
            ? Path.Combine(solver.SnapshotPrefix, Path.GetFileNameWithoutExtension(solverPath))
            : solver.SnapshotPrefix;
    }

    private static PrototxtDocument<SolverParameter> Upgrade(PrototxtDocument<SolverParameter> document)
    {
        SolverUpgrade.Apply(document.Message, document.Locations, document.FileName);
        return document;
    }
}
