using System.Text.Json;
using Cortado.Backends;
using Cortado.Formats;
using Cortado.Nets;
using Cortado.Solvers;

namespace Cortado.Tests.Solvers;

/// <summary>The tiny network of the golden solver runs with its data fed by hand, so that these tests need no data layer.</summary>
internal sealed class GoldenRuns : IDisposable
{
    private const string Feed = "layer { name: 'data' type: 'Input' top: 'data' top: 'label' input_param { shape { dim: 8 dim: 2 dim: 8 dim: 8 } shape { dim: 8 } } }\n";

    private static readonly string Binary = GoldenFolder.SampleOf("solvers.bin");

    private readonly IBackend _backend = TestBackend.Create();
    private readonly float[] _data, _labels;
    private int _batch;

    public GoldenRuns(string run = "sgd_momentum_l2", string extra = "", params SolverObserver[] observers)
    {
        JsonElement index = GoldenFolder.Index(GoldenFolder.SampleOf("solvers.json"))!.Value;
        GoldenArray[] common = GoldenArray.ReadAll(index.GetProperty("common"), Binary);
        _data = common[0].Values;
        _labels = common[1].Values;
        Run = index.GetProperty("runs").EnumerateArray().First(r => r.GetProperty("name").GetString() == run);
        SolverParameter parameter = SolverFile.Parse(Run.GetProperty("solver_prototxt").GetString() + " " + extra, "golden").Message;
        if (!parameter.HasType) parameter.Type = Run.GetProperty("type").GetString();
        parameter.NetParam = NetFile.Parse(WithInput(index.GetProperty("net_prototxt").GetString()!), "golden").Message;
        Solver = new Solver(parameter, new SolverOptions { Backend = _backend, Observers = observers });
        foreach (GoldenArray weights in GoldenArray.ReadAll(index.GetProperty("initial_weights"), Binary))
            weights.Values.CopyTo(Solver.Net.FindLayer(weights.Name)!.Layer.Blobs[weights.Index].WriteData());
        LoadBatch();
        Solver.Net.Observer = new Feeder(this);
    }

    public static IEnumerable<string> Names => GoldenFolder.Index(GoldenFolder.SampleOf("solvers.json"))!.Value.GetProperty("runs").EnumerateArray()
        .Select(run => run.GetProperty("name").GetString()!);

    public JsonElement Run { get; }

    public Solver Solver { get; }

    public void Dispose()
    {
        Solver.Dispose();
        _backend.Dispose();
    }

    private static string WithInput(string net)
    {
        int start = net.IndexOf("layer {", StringComparison.Ordinal), end = net.IndexOf("layer {", start + 1, StringComparison.Ordinal);
        return net[..start] + Feed + net[end..];
    }

    private void LoadBatch()
    {
        int first = 8 * (_batch++ % 3);
        _data.AsSpan(first * 128, 8 * 128).CopyTo(Solver.Net.Blob("data").WriteData());
        _labels.AsSpan(first, 8).CopyTo(Solver.Net.Blob("label").WriteData());
    }

    // The next batch goes in when the first layer with weights has seen its gradient: nobody reads the old one after that.
    private sealed class Feeder(GoldenRuns runs) : INetObserver
    {
        public void AfterForward(Net net, int layer) { }

        public void AfterBackward(Net net, int layer)
        {
            if (net.Layers[layer].Layer.Name == "conv1") runs.LoadBatch();
        }
    }
}
