using System.Text.Json;
using Cortado.OpenCL;

namespace Cortado.Tests;

public class TimeTests
{
    private const string TrainingNet = """
        layer { name: "data" type: "Data" top: "data" top: "label" transform_param { crop_size: 20 } data_param { source: "nowhere_db" batch_size: 6 } }
        layer { name: "conv1" type: "Convolution" bottom: "data" top: "conv1" convolution_param { num_output: 4 kernel_size: 3 weight_filler { type: "xavier" } } }
        layer { name: "ip" type: "InnerProduct" bottom: "conv1" top: "ip" inner_product_param { num_output: 2 weight_filler { type: "xavier" } } }
        layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip" bottom: "label" top: "loss" }

        """;

    [Fact]
    public void Json_has_times_of_passes_and_layers_and_the_counted_work()
    {
        using var folder = new ScratchFolder();
        CortadoRun run = CortadoRun.Succeed("time", "--model", folder.Write("net.prototxt", TrainingNet), "--batch", "5", "--iterations", "2", "--json");
        JsonElement json = JsonDocument.Parse(run.Out).RootElement;
        Assert.True(json.GetProperty("forwardMs").GetDouble() > 0);
        Assert.True(json.GetProperty("forwardBackwardMs").GetDouble() > 0);
        Assert.True(json.GetProperty("stepMs").GetDouble() > 0);
        Assert.Equal(5, json.GetProperty("batch").GetInt32());
        Assert.Equal(["data", "conv1", "ip", "loss"], json.GetProperty("layers").EnumerateArray().Select(layer => layer.GetProperty("name").GetString()));
        // 18x18 outputs of 4 channels, each of 3x3x3 products; then 2 rows of 4x18x18: two operations a product.
        const long conv = 2L * 5 * 18 * 18 * 4 * 27, product = 2L * 5 * 2 * 4 * 18 * 18;
        Assert.Equal(conv + product, json.GetProperty("forwardFlops").GetInt64());
        Assert.Equal(conv + 2 * product, json.GetProperty("backwardFlops").GetInt64());
        Assert.Contains("random data of 5x3x20x20", run.Error);
        // The least time of a layer is that of its arithmetic or of its memory traffic.
        JsonElement layer = json.GetProperty("layers")[1];
        double arithmetic = conv / (json.GetProperty("peakGflops").GetDouble() * 1e6);
        double traffic = 4.0 * (5 * 3 * 20 * 20 + 4 * 27 + 4 + 5 * 4 * 18 * 18) / (json.GetProperty("peakGbytes").GetDouble() * 1e6);
        Assert.Equal(Math.Max(arithmetic, traffic) / layer.GetProperty("forwardMs").GetDouble(), layer.GetProperty("forwardShareOfPeak").GetDouble(), 0.01);
    }

    [Fact]
    public void A_network_that_only_runs_forward_has_no_step()
    {
        CortadoRun run = CortadoRun.Succeed("time", "--model", Path.Combine(GoldenFolder.Repository, "tests", "Golden", "netshapes", "lenet.prototxt"), "--batch", "1", "--iterations", "1", "--json");
        JsonElement json = JsonDocument.Parse(run.Out).RootElement;
        Assert.Equal(JsonValueKind.Null, json.GetProperty("stepMs").ValueKind);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("forwardBackwardMs").ValueKind);
    }

    [Fact]
    public void The_phase_follows_from_whether_there_is_a_loss()
    {
        using var folder = new ScratchFolder();
        string training = folder.Write("net.prototxt", TrainingNet), lenet = Path.Combine(GoldenFolder.Repository, "tests", "Golden", "netshapes", "lenet.prototxt");
        Assert.Equal("TRAIN", Phase(training));
        Assert.Equal("TEST", Phase(training, "--phase", "TEST"));
        Assert.Equal("TEST", Phase(lenet));
        Assert.Equal("TRAIN", Phase(lenet, "--phase", "TRAIN"));

        static string? Phase(string model, params string[] more)
        {
            CortadoRun run = CortadoRun.Succeed(["time", "--model", model, "--batch", "1", "--iterations", "1", "--json", .. more]);
            JsonElement json = JsonDocument.Parse(run.Out).RootElement;
            string? phase = json.GetProperty("phase").GetString();
            // What does not train goes forward only.
            if (phase == "TEST") Assert.Equal(JsonValueKind.Null, json.GetProperty("forwardBackwardMs").ValueKind);
            return phase;
        }
    }

    [Fact]
    public void Files_without_a_network_are_named()
    {
        using var folder = new ScratchFolder();
        string empty = folder.Write("empty.prototxt", "");
        CortadoRun run = CortadoRun.Run("time", "--model", empty);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"{empty}: has no layers", run.Error);
        run = CortadoRun.Run("time", "--model", folder.Path);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"{folder.Path}: is a folder", run.Error);
        string unknown = folder.Write("net.prototxt", TrainingNet.Replace("bottom: \"conv1\"", "bottom: \"conv2\""));
        run = CortadoRun.Run("time", "--model", unknown);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"{unknown}:3:1: layer 'ip': unknown bottom blob 'conv2'", run.Error);
    }

    [Fact]
    public void Data_of_unknown_size_is_an_error_that_says_what_to_do()
    {
        using var folder = new ScratchFolder();
        CortadoRun run = CortadoRun.Run("time", "--model", folder.Write("net.prototxt", TrainingNet.Replace("crop_size: 20", "", StringComparison.Ordinal)));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("crop_size", run.Error);
    }

    /// <summary>In processes of its own, on an OpenCL device where there is one: the second finds all that the first compiled.</summary>
    [Fact]
    public void Start_measures_a_cold_and_a_warm_start()
    {
        using var folder = new ScratchFolder();
        bool opencl = OpenClPlatforms.Discover().Devices.Count > 0;
        CortadoProcess run = CortadoProcess.Run(folder.Path, "time", "--model", GoldenFolder.SampleOf("netshapes/lenet.prototxt"), "--start", "--batch", "1", "--device", opencl ? "opencl" : "cpu", "--json");
        Assert.True(run.ExitCode == 0, run.Error);
        JsonElement json = JsonDocument.Parse(run.Out).RootElement, cold = json.GetProperty("cold"), warm = json.GetProperty("warm");
        Assert.True(cold.GetProperty("totalMs").GetDouble() > 0);
        Assert.True(warm.GetProperty("nextMs").GetDouble() > 0);
        Assert.Equal(0, cold.GetProperty("cached").GetInt32());
        Assert.Equal(0, warm.GetProperty("compiled").GetInt32());
        Assert.Equal(opencl, cold.GetProperty("compiled").GetInt32() > 0);
        Assert.Equal(cold.GetProperty("compiled").GetInt32(), warm.GetProperty("cached").GetInt32());
    }
}
