using System.Globalization;
using Cortado.Data;
using Cortado.Diagnostics;
using Cortado.Formats;

namespace Cortado.Training;

/// <summary>
/// What people choose before a training: a template or files of their own, and databases. <see cref="Prepare"/> makes files of it. A template is written into
/// <see cref="Folder"/>, once for one choice and number of classes, so that edits made there stay. Files of one's own are used where they are, and are never written into; where other databases are chosen for them,
/// copies in that folder learn from these.
/// </summary>
public sealed record TrainingPlan
{
    private const string SolverName = "solver.prototxt", NetName = "train_val.prototxt", CopyFolder = "copy";

    /// <summary>Begins a plan.</summary>
    /// <param name="folder">Where generated files lie. It is made where it is missing.</param>
    public TrainingPlan(string folder) => Folder = folder;

    /// <summary>Where generated files lie.</summary>
    public string Folder { get; init; }

    /// <summary>The template's id; null for files of one's own.</summary>
    public string? Template { get; init; }

    /// <summary>One's own solver or network prototxt; null for a template. A network gets a solver of the template LeNet's kind.</summary>
    public string? Prototxt { get; init; }

    /// <summary>The database to learn from; null for what the files name.</summary>
    public string? TrainDatabase { get; init; }

    /// <summary>The database to test on; null for what the files name, and for none.</summary>
    public string? TestDatabase { get; init; }

    /// <summary>Makes the files.</summary>
    /// <param name="databases">Opens databases.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <exception cref="CortadoException">Nothing is chosen, a file or database cannot be read, or the pictures are too small for the network.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public PreparedTraining Prepare(IRecordDatabaseProvider databases, CancellationToken cancel = default)
    {
        DatabaseSummary? train = TrainDatabase == null ? null : DatabaseSummary.Read(databases, TrainDatabase, cancel);
        DatabaseSummary? test = TestDatabase == null ? null : DatabaseSummary.Read(databases, TestDatabase, cancel);
        string solver = Template != null ? FromTemplate(TrainingTemplate.Find(Template), train, test)
            : Prototxt != null ? FromFiles(Prototxt)
            : throw new CortadoException("No network is chosen; choose a template, or a solver or network prototxt.");
        return new PreparedTraining(solver, train?.LabelsFile ?? LabelsOf(solver), train, test);
    }

    private string FromTemplate(TrainingTemplate template, DatabaseSummary? train, DatabaseSummary? test)
    {
        if (train == null) throw new CortadoException($"No database to learn from is chosen; the template {template.Name} needs one.");
        if (Math.Min(train.Height, train.Width) < template.LeastSize)
            throw new CortadoException(FormattableString.Invariant($"The pictures of {train.Path} are {train.Width} x {train.Height}; the template {template.Name} needs at least {template.LeastSize} x {template.LeastSize}. Choose a smaller template, or record or convert larger pictures."));
        if (test != null && (test.Channels, test.Height, test.Width) != (train.Channels, train.Height, train.Width))
            throw new CortadoException(FormattableString.Invariant($"The pictures of {test.Path} are {test.Channels}x{test.Height}x{test.Width}, those of {train.Path} {train.Channels}x{train.Height}x{train.Width}; expected the same size."));
        string solver = Path.Combine(Folder, SolverName), net = Path.Combine(Folder, NetName);
        string stamp = $"# Made by Cortado: {template.Id}, learning from {GeneratedFile.Slashes(train.Path)}, tested on {(test == null ? "nothing" : GeneratedFile.Slashes(test.Path))}, {Text(train.Classes)} classes";
        if (File.Exists(solver) && File.Exists(net) && GeneratedFile.FirstLine(solver) == stamp) return solver;
        var fitted = new FittedTemplate(template, train, test);
        GeneratedFile.Write(net, fitted.Net());
        GeneratedFile.Write(solver, stamp + "\n" + fitted.Solver(GeneratedFile.Slashes(net), GeneratedFile.Slashes(Path.Combine(Folder, "snapshot"))));
        return solver;
    }

    private string FromFiles(string prototxt)
    {
        string solver = prototxt;
        if (Formats.Prototxt.KindOfFile(prototxt) == PrototxtKind.Network)
        {
            solver = Path.Combine(Folder, SolverName);
            string stamp = $"# Made by Cortado for {GeneratedFile.Slashes(prototxt)}";
            if (!File.Exists(solver) || GeneratedFile.FirstLine(solver) != stamp)
            {
                bool tests = HasTest(NetFile.Load(prototxt).Message);
                GeneratedFile.Write(solver, stamp + "\n" + FittedTemplate.SolverFor(GeneratedFile.Slashes(Path.GetFullPath(prototxt)), GeneratedFile.Slashes(Path.Combine(Folder, "snapshot")), tests));
            }
        }
        if (TrainDatabase == null && TestDatabase == null) return solver;
        TrainingFiles files = TrainingFiles.Load(solver);
        List<PrototxtEdit> sources = Sources(files);
        return sources.Count == 0 ? solver : CopiedFiles.Make(files, sources, Path.Combine(Folder, CopyFolder));
    }

    private List<PrototxtEdit> Sources(TrainingFiles files)
    {
        var edits = new List<PrototxtEdit>();
        AddSources(edits, files.Train, files.Train.LayersIn(new NetState { Phase = Phase.Train }), TrainDatabase);
        foreach (NetText test in files.Tests) AddSources(edits, test, test.LayersIn(new NetState { Phase = Phase.Test }), TestDatabase);
        return edits;
    }

    private static void AddSources(List<PrototxtEdit> edits, NetText net, IEnumerable<LayerParameter> layers, string? database)
    {
        if (database == null) return;
        PrototxtEditor editor = net.Editor();
        foreach (LayerParameter layer in layers)
            if (layer.Type == "Data" && !Names(net, layer, database) && editor.Set(layer, "data_param", layer.DataParam, "source", GeneratedFile.Quoted(database)) is { } edit)
                edits.Add(edit);
    }

    // However it is written: a path from the file stays one.
    private static bool Names(NetText net, LayerParameter layer, string database) =>
        layer.DataParam?.HasSource == true
        && string.Equals(Full(new PathResolver(net.FileName).Resolve(layer.DataParam.Source)), Full(database), StringComparison.Ordinal);

    private static string Full(string folder) => Path.GetFullPath(folder).TrimEnd(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar);

    // Beside the database that the network learns from.
    private static string? LabelsOf(string solver)
    {
        NetText train = TrainingFiles.Load(solver).Train;
        foreach (LayerParameter layer in train.LayersIn(new NetState { Phase = Phase.Train }))
        {
            if (layer.Type != "Data" || layer.DataParam?.HasSource != true) continue;
            string labels = LabelsFile.Beside(new PathResolver(train.FileName).Resolve(layer.DataParam.Source));
            return File.Exists(labels) ? labels : null;
        }
        return null;
    }

    private static bool HasTest(NetParameter net)
    {
        foreach (LayerParameter layer in net.Layer)
            if (layer.Include.Any(rule => rule.HasPhase && rule.Phase == Phase.Test)) return true;
        return false;
    }

    internal static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
