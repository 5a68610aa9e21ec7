using OldType = Cortado.Formats.SolverParameter.Types.SolverType;

namespace Cortado.Formats;

/// <summary>Brings an old solver to the current form.</summary>
public static class SolverUpgrade
{
    /// <summary>Turns <c>solver_type: NESTEROV</c> into <c>type: "Nesterov"</c>, in place.</summary>
    /// <param name="solver">The solver.</param>
    /// <param name="locations">Its places in a text, which learn where the new field came from; or null.</param>
    /// <param name="fileName">The file's name for errors.</param>
    /// <exception cref="CortadoException">Both <c>solver_type</c> and <c>type</c> are set.</exception>
    public static void Apply(SolverParameter solver, SourceMap? locations = null, string fileName = "solver")
    {
        ThrowIf.Null(solver, nameof(solver));
        if (!solver.HasSolverType)
        {
            return;
        }

        if (solver.HasType)
        {
            string place = locations?.Find(solver, "solver_type")?.ToString() ?? fileName;
            throw new CortadoException(
                $"{place}: both solver_type ({solver.SolverType}, the old form) and type (\"{solver.Type}\") are given; keep only type.");
        }

        locations?.AliasField(solver, "solver_type", 0, solver, "type");
        solver.Type = solver.SolverType switch
        {
            OldType.Nesterov => "Nesterov",
            OldType.Adagrad => "AdaGrad",
            OldType.Rmsprop => "RMSProp",
            OldType.Adadelta => "AdaDelta",
            OldType.Adam => "Adam",
            _ => "SGD",
        };
        solver.ClearSolverType();
    }
}
