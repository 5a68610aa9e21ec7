using System.Globalization;
using Cortado.Diagnostics;
using Cortado.Formats;

namespace Cortado.Cli.Demo;

/// <summary>What the demo changes beside the doctor's edits, so that the training takes a minute and not an afternoon.</summary>
internal static class DemoEdits
{
    public const int Batch = 32, Iterations = 1000, TestBatch = 50, TestBatches = 5, TestInterval = 25;

    /// <summary>Edits the two files in the demo's folder, and gives the changes as words.</summary>
    public static IReadOnlyList<string> Apply(DemoFolder folder)
    {
        TrainingFiles files = TrainingFiles.Load(folder[DemoFolder.Solver]);
        var edits = new List<PrototxtEdit?>
        {
            files.SetSolver("max_iter", Text(Iterations)),
            files.SetSolver("test_iter", Text(TestBatches)),
            files.SetSolver("test_interval", Text(TestInterval)),
            files.SetSolver("display", Text(10)),
            files.SetSolver("snapshot", Text(0)),
            files.SetSolver("solver_mode", "CPU"),
            files.SetSolver("random_seed", Text(1)),
        };
        PrototxtEditor editor = files.Train.Editor();
        foreach (LayerParameter layer in files.Train.Net.Layer)
        {
            if (layer.Type != "Data") continue;
            bool trains = layer.Include.Any(rule => rule.Phase == Phase.Train);
            edits.Add(editor.Set(layer.DataParam, "batch_size", Text(trains ? Batch : TestBatch)));
        }
        PrototxtEdit[] made = edits.OfType<PrototxtEdit>().ToArray();
        foreach (IGrouping<string, PrototxtEdit> file in made.GroupBy(edit => edit.FileName))
            File.WriteAllText(file.Key, PrototxtEdit.Apply(File.ReadAllText(file.Key), file));
        return Array.ConvertAll(made, edit => edit.Summary);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
