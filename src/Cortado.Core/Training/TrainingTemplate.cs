using System.Text;

namespace Cortado.Training;

/// <summary>A network and a solver to begin with: <see cref="TrainingPlan"/> fits them to the pictures that are there.</summary>
public sealed class TrainingTemplate
{
    private readonly string _resource;

    private TrainingTemplate(string id, string name, string description, int least, string resource, params (string Field, string Value)[] settings)
    {
        Id = id;
        Name = name;
        Description = description;
        LeastSize = least;
        Settings = settings;
        _resource = resource;
    }

    /// <summary>All templates, the one to take first.</summary>
    public static IReadOnlyList<TrainingTemplate> All { get; } = new[]
    {
        new TrainingTemplate("alexnet-70", "AlexNet 70x70", "28.6 million weights, for pictures of 70 pixels and more. Learns a thousand pictures in minutes on a quick processor.", 70, "asked",
            ("base_lr", "0.01"), ("max_iter", "1000"), ("test_interval", "25"), ("display", "10"), ("snapshot", "500"), ("random_seed", "1"),
            ("scale", Diagnostics.Rules.InputRangeRule.PixelScale), ("train_batch", "32"), ("test_batch", "50"), ("name", "\"AlexNet70\"")),
        new TrainingTemplate("lenet", "LeNet", "Two convolutions. Small and quick, for a first look at a set of pictures.", 16, "lenet"),
        new TrainingTemplate("quick", "Quick", "Three convolutions, for coloured pictures of 32 pixels and more.", 32, "quick"),
        new TrainingTemplate("alexnet-70-asked", "AlexNet 70x70, raw pixels at 0.03", "The same AlexNet as it was once asked about: pixels as they are, base_lr 0.03. It does not learn; the findings say why.", 70, "asked"),
    };

    /// <summary>What settings and files name it by.</summary>
    public string Id { get; }

    /// <summary>What people read.</summary>
    public string Name { get; }

    /// <summary>When to take it, in a sentence or two.</summary>
    public string Description { get; }

    /// <summary>The least height and width of the pictures.</summary>
    public int LeastSize { get; }

    /// <summary>The solver's text, before it is fitted.</summary>
    public string Solver => Text("solver");

    /// <summary>The network's text, before it is fitted.</summary>
    public string Net => Text("net");

    internal IReadOnlyList<(string Field, string Value)> Settings { get; }

    /// <summary>The template of an id.</summary>
    /// <exception cref="CortadoException">There is none; the message lists those there are.</exception>
    public static TrainingTemplate Find(string id)
    {
        foreach (TrainingTemplate template in All)
            if (template.Id == id) return template;
        throw new CortadoException($"There is no template '{id}'; expected one of {string.Join(", ", All.Select(template => template.Id))}.");
    }

    internal string? Setting(string field)
    {
        foreach ((string name, string value) in Settings)
            if (name == field) return value;
        return null;
    }

    private string Text(string part)
    {
        string name = $"{_resource}.{part}.prototxt";
        using Stream stream = typeof(TrainingTemplate).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"The resource {name} is missing.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
