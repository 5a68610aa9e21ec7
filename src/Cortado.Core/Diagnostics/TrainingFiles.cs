using System.Text;
using Cortado.Formats;
using Google.Protobuf;

namespace Cortado.Diagnostics;

/// <summary>
/// A training as its files describe it: the solver, the training network and the test networks, each with the text that they
/// came from, so that a finding can name the line and an edit can be made there.
/// </summary>
public sealed class TrainingFiles
{
    private readonly List<NetText> _tests = new();

    private TrainingFiles(PrototxtDocument<SolverParameter> solver) => Solver = solver;

    /// <summary>The solver.</summary>
    public PrototxtDocument<SolverParameter> Solver { get; }

    /// <summary>The training network.</summary>
    public NetText Train { get; private set; } = null!;

    /// <summary>The test networks; the training network's own file where the solver names one network for both.</summary>
    public IReadOnlyList<NetText> Tests => _tests;

    /// <summary>Reads the solver and every network that it names.</summary>
    /// <exception cref="CortadoException">A file cannot be read or is wrong.</exception>
    public static TrainingFiles Load(string solverPath)
    {
        PrototxtDocument<SolverParameter> document = SolverFile.Load(solverPath);
        SolverParameter solver = document.Message;
        var files = new TrainingFiles(document);
        var paths = new PathResolver(solverPath);
        var state = new NetState { Phase = Phase.Train };
        if (solver.TrainState != null) state.MergeFrom(solver.TrainState);
        state.Phase = Phase.Train;
        NetText? common = null;
        if (solver.TrainNetParam != null) files.Train = files.Inline(solver.TrainNetParam);
        else if (solver.HasTrainNet) files.Train = Named(paths, solver.TrainNet);
        else if (solver.NetParam != null) files.Train = common = files.Inline(solver.NetParam);
        else if (solver.HasNet) files.Train = common = Named(paths, solver.Net);
        else throw new CortadoException($"{solverPath}: the solver names no network; expected net, train_net, net_param or train_net_param.");
        files.Train.State = state;
        if (common == null && (solver.HasNet || solver.NetParam != null)) common = solver.NetParam != null ? files.Inline(solver.NetParam) : Named(paths, solver.Net);
        foreach (NetParameter net in solver.TestNetParam) files._tests.Add(files.Inline(net));
        foreach (string net in solver.TestNet) files._tests.Add(Named(paths, net));
        if (common != null && files._tests.Count < Math.Max(1, solver.TestIter.Count) && solver.TestIter.Count > 0) files._tests.Add(common);
        return files;
    }

    /// <summary>The layers of the training network that stand in its TRAIN phase.</summary>
    public IEnumerable<LayerParameter> TrainLayers() => Train.LayersIn(Train.State);

    /// <summary>The place of a solver's field, or of the solver file where the field is not written.</summary>
    public string SolverPlace(string field) => Solver.Locations.Find(Solver.Message, field)?.ToString() ?? Solver.FileName;

    /// <summary>An edit of a solver's field.</summary>
    public PrototxtEdit? SetSolver(string field, string value) =>
        new PrototxtEditor(Solver.FileName, Solver.Text, Solver.Locations).Set(Solver.Message, field, value);

    /// <summary>For each file that some edits change: the text before and after.</summary>
    public IReadOnlyList<FileChange> Changes(IEnumerable<PrototxtEdit> edits)
    {
        var byFile = new SortedDictionary<string, List<PrototxtEdit>>(StringComparer.Ordinal);
        foreach (PrototxtEdit edit in edits)
        {
            if (!byFile.TryGetValue(edit.FileName, out List<PrototxtEdit>? ofFile)) byFile[edit.FileName] = ofFile = new List<PrototxtEdit>();
            ofFile.Add(edit);
        }
        var changes = new List<FileChange>();
        foreach ((string file, List<PrototxtEdit> ofFile) in byFile)
        {
            (string before, Encoding encoding) = TextOf(file);
            changes.Add(new FileChange(file, before, PrototxtEdit.Apply(before, ofFile), encoding));
        }
        return changes;
    }

    /// <summary>Writes edits into the files; the original of each stays beside it under <c>NAME.orig</c>.</summary>
    /// <returns>The files written, each with the place of its original.</returns>
    /// <exception cref="CortadoException">A file changed since it was read, or cannot be written.</exception>
    public IReadOnlyList<(string File, string Original)> Apply(IEnumerable<PrototxtEdit> edits) => DoctorReport.Write(Changes(edits));

    /// <summary>The text of one of the files and how its bytes stand for it, by the name that edits give.</summary>
    internal (string Text, Encoding Encoding) TextOf(string fileName)
    {
        if (fileName == Solver.FileName) return (Solver.Text, Solver.Encoding);
        NetText net = fileName == Train.FileName ? Train : _tests.Find(test => test.FileName == fileName)!;
        return (net.Text, net.Encoding);
    }

    private static NetText Named(PathResolver paths, string name)
    {
        PrototxtDocument<NetParameter> document = NetFile.Load(paths.Existing(name, "network"));
        return new NetText(document.Message, document.Locations, document.FileName, document.Text, document.Encoding);
    }

    private NetText Inline(NetParameter net) => new(net, Solver.Locations, Solver.FileName, Solver.Text, Solver.Encoding);
}

/// <summary>A network and the text that it stands in.</summary>
public sealed class NetText
{
    internal NetText(NetParameter net, SourceMap locations, string fileName, string text, Encoding encoding)
    {
        Net = net;
        Locations = locations;
        FileName = fileName;
        Text = text;
        Encoding = encoding;
    }

    /// <summary>The upgraded network.</summary>
    public NetParameter Net { get; }

    /// <summary>Where its parts stand.</summary>
    public SourceMap Locations { get; }

    /// <summary>The file.</summary>
    public string FileName { get; }

    /// <summary>The file's text.</summary>
    public string Text { get; }

    internal Encoding Encoding { get; }

    internal NetState State { get; set; } = new() { Phase = Phase.Train };

    /// <summary>The layers that stand in the network for a state, as the same objects.</summary>
    public IEnumerable<LayerParameter> LayersIn(NetState state)
    {
        foreach (LayerParameter layer in Net.Layer)
            if (Nets.PhaseFilter.Includes(layer, state)) yield return layer;
    }

    /// <summary>The place of a message of this network, or the file.</summary>
    public string Place(IMessage message, string? field = null) =>
        (Locations.Find(message, field) ?? Locations.Find(message))?.ToString() ?? FileName;

    /// <summary>An editor of this network's text.</summary>
    public PrototxtEditor Editor() => new(FileName, Text, Locations);
}
