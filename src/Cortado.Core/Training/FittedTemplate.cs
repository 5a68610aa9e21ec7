using Cortado.Diagnostics;
using Cortado.Formats;

namespace Cortado.Training;

/// <summary>A template's texts fitted to databases: where they lie, how many pictures and classes there are. Comments and layout stay as the template has them.</summary>
internal sealed class FittedTemplate
{
    private const int MostTestBatches = 8;

    private readonly TrainingTemplate _template;
    private readonly DatabaseSummary _train;
    private readonly DatabaseSummary? _test;

    public FittedTemplate(TrainingTemplate template, DatabaseSummary train, DatabaseSummary? test)
    {
        _template = template;
        _train = train;
        _test = test;
    }

    /// <summary>The network.</summary>
    public string Net()
    {
        PrototxtDocument<NetParameter> document = NetFile.Parse(_template.Net, _template.Id);
        var editor = new PrototxtEditor(document.FileName, document.Text, document.Locations);
        var edits = new List<PrototxtEdit?>();
        LayerParameter? last = null;
        foreach (LayerParameter layer in document.Message.Layer)
        {
            if (layer.Type == "InnerProduct") last = layer;
            if (layer.Type != "Data") continue;
            bool trains = Trains(layer);
            edits.Add(editor.Set(layer.DataParam, "source", GeneratedFile.Quoted(trains ? _train.Path : (_test ?? _train).Path)));
            edits.Add(editor.Set(layer.DataParam, "batch_size", TrainingPlan.Text(trains ? TrainBatch(layer) : TestBatch(layer))));
            if (_template.Setting("scale") is { } scale) edits.Add(editor.Set(layer, "transform_param", layer.TransformParam, "scale", scale));
        }
        if (_template.Setting("name") is { } name) edits.Add(editor.Set(document.Message, "name", name));
        edits.Add(editor.Set(last!.InnerProductParam, "num_output", TrainingPlan.Text(Math.Max(2, _train.Classes))));
        return Apply(document.Text, edits);
    }

    /// <summary>The solver.</summary>
    /// <param name="net">The network's file.</param>
    /// <param name="prefix">The prefix of snapshots.</param>
    public string Solver(string net, string prefix)
    {
        PrototxtDocument<SolverParameter> document = SolverFile.Parse(_template.Solver, _template.Id);
        var editor = new PrototxtEditor(document.FileName, document.Text, document.Locations);
        var edits = new List<PrototxtEdit?>
        {
            editor.Set(document.Message, "net", GeneratedFile.Quoted(net)),
            editor.Set(document.Message, "snapshot_prefix", GeneratedFile.Quoted(prefix)),
        };
        foreach ((string field, string value) in _template.Settings)
            if (SolverParameter.Descriptor.FindFieldByName(field) != null) edits.Add(editor.Set(document.Message, field, value));
        string text = Apply(document.Text, edits);
        return _test == null ? WithoutTest(text) : SetField(text, "test_iter", TrainingPlan.Text(TestBatches()));
    }

    /// <summary>A solver for a network of one's own.</summary>
    public static string SolverFor(string net, string prefix, bool tests)
    {
        string text = TrainingTemplate.Find("lenet").Solver;
        text = text.Substring(text.IndexOf('\n') + 1);
        text = SetField(SetField(text, "net", GeneratedFile.Quoted(net)), "snapshot_prefix", GeneratedFile.Quoted(prefix));
        return tests ? text : WithoutTest(text);
    }

    private static string SetField(string text, string field, string value)
    {
        PrototxtDocument<SolverParameter> document = SolverFile.Parse(text, "solver");
        return Apply(text, new[] { new PrototxtEditor("solver", text, document.Locations).Set(document.Message, field, value) });
    }

    private static string WithoutTest(string text)
    {
        IEnumerable<string> lines = text.Split('\n').Where(line => !line.StartsWith("test_iter", StringComparison.Ordinal) && !line.StartsWith("test_interval", StringComparison.Ordinal));
        return string.Join("\n", lines);
    }

    private static string Apply(string text, IEnumerable<PrototxtEdit?> edits)
    {
        var made = new List<PrototxtEdit>();
        foreach (PrototxtEdit? edit in edits)
            if (edit != null) made.Add(edit);
        return PrototxtEdit.Apply(text, made);
    }

    private static bool Trains(LayerParameter layer) => layer.Include.Any(rule => rule.HasPhase && rule.Phase == Phase.Train);

    private long TrainBatch(LayerParameter layer) => Math.Min(Wanted("train_batch", layer), _train.Records);

    private long TestBatch(LayerParameter layer) => Math.Min(Wanted("test_batch", layer), (_test ?? _train).Records);

    private long Wanted(string setting, LayerParameter layer) =>
        _template.Setting(setting) is { } value ? long.Parse(value, System.Globalization.CultureInfo.InvariantCulture) : layer.DataParam.BatchSize;

    // Once through the test database, unless it is large.
    private long TestBatches()
    {
        long batch = 1;
        foreach (LayerParameter layer in NetFile.Parse(_template.Net, _template.Id).Message.Layer)
            if (layer.Type == "Data" && !Trains(layer)) batch = TestBatch(layer);
        return Math.Min(MostTestBatches, Math.Max(1, _test!.Records / batch));
    }
}
