using System.Text.Json;

namespace Cortado.Tests.Conformance;

/// <summary>One run of solvers.json: a solver's settings and how Caffe trained with them.</summary>
internal sealed class SolverCase
{
    private const string Binary = "solvers.bin";

    private readonly JsonElement _json;

    private SolverCase(JsonElement json) => _json = json;

    public static JsonElement? Index => GoldenFolder.Index("solvers.json");

    public static IEnumerable<string> Names => All.Select(json => json.GetProperty("name").GetString()!);

    public static string NetPrototxt => Index!.Value.GetProperty("net_prototxt").GetString()!;

    /// <summary>All images and labels, of which the runs take batches in turn.</summary>
    public static GoldenArray[] Common => GoldenArray.ReadAll(Index!.Value.GetProperty("common"), Binary);

    public static GoldenArray[] InitialWeights => GoldenArray.ReadAll(Index!.Value.GetProperty("initial_weights"), Binary);

    private static IEnumerable<JsonElement> All => Index is { } index ? index.GetProperty("runs").EnumerateArray() : [];

    public string Name => _json.GetProperty("name").GetString()!;

    public string Type => _json.GetProperty("type").GetString()!;

    public string SolverPrototxt => _json.GetProperty("solver_prototxt").GetString()!;

    public float[] Losses => Floats("losses");

    public float[] LearningRates => Floats("lr");

    public GoldenArray[] History => GoldenArray.ReadAll(_json.GetProperty("history_20"), Binary);

    /// <summary>The weights by the number of updates before them.</summary>
    public IEnumerable<(int Updates, GoldenArray[] Weights)> Weights => _json.GetProperty("weights").EnumerateObject()
        .Select(entry => (int.Parse(entry.Name, System.Globalization.CultureInfo.InvariantCulture), GoldenArray.ReadAll(entry.Value, Binary)));

    public JsonElement StateFields => _json.GetProperty("solverstate_fields");

    public static SolverCase Find(string name) => new(All.Single(json => json.GetProperty("name").GetString() == name));

    private float[] Floats(string name) => _json.GetProperty(name).EnumerateArray().Select(value => value.GetSingle()).ToArray();
}
