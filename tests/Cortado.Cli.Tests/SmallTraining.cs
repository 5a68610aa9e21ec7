using Cortado.Cli.Demo;

namespace Cortado.Tests;

/// <summary>A small training made with the command itself: rendered pictures as files, databases and a mean from them, a network of LeNet's kind.</summary>
public sealed class SmallTraining : IDisposable
{
    private const int Pictures = 48, HeldOut = 16;

    private readonly ScratchFolder _folder = new();

    public SmallTraining()
    {
        WritePictures("train", 0, Pictures);
        WritePictures("val", Pictures, HeldOut);
        Convert = CortadoRun.Succeed("convert", this["train"], this["train_db"], "--resize", "28x28", "--shuffle", "--seed", "3");
        CortadoRun.Succeed("convert", this["val"], this["val_db"], "--resize-height", "28", "--resize-width", "28");
        Mean = CortadoRun.Succeed("mean", this["train_db"], this["mean.binaryproto"]);
        _folder.Write("net.prototxt", Net);
        _folder.Write("solver.prototxt", Solver);
    }

    internal CortadoRun Convert { get; }

    internal CortadoRun Mean { get; }

    /// <summary>The solver; its network and data are found beside it.</summary>
    public string SolverPath => this["solver.prototxt"];

    public string NetPath => this["net.prototxt"];

    public string this[string name] => _folder[name];

    public string Folder => _folder.Path;

    public void Dispose() => _folder.Dispose();

    /// <summary>A copy of the solver with other settings and its own snapshot prefix.</summary>
    public string SolverWith(string name, string settings)
    {
        string text = Solver.Replace("snapshot_prefix: \"shot\"", $"snapshot_prefix: \"{this[name].Replace('\\', '/')}\"", StringComparison.Ordinal);
        foreach (string setting in settings.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string field = setting[..setting.IndexOf(':', StringComparison.Ordinal)];
            text = string.Join('\n', text.Split('\n').Where(line => !line.StartsWith(field + ":", StringComparison.Ordinal))) + setting + "\n";
        }
        return _folder.Write(name + ".prototxt", text);
    }

    private void WritePictures(string set, int first, int count)
    {
        for (int i = first; i < first + count; i++)
        {
            string folder = this[Path.Combine(set, SceneRenderer.ClassOf(i).ToString().ToLowerInvariant())];
            Directory.CreateDirectory(folder);
            ContactSheet.WritePng(Path.Combine(folder, $"{i:D3}.png"), PictureSet.Picture(5, i), SceneRenderer.StandardSize, SceneRenderer.StandardSize);
        }
    }

    private const string Solver = """
        net: "net.prototxt"
        test_iter: 2
        test_interval: 4
        base_lr: 0.01
        momentum: 0.9
        weight_decay: 0.0005
        lr_policy: "fixed"
        display: 1
        max_iter: 8
        snapshot: 4
        snapshot_prefix: "shot"
        solver_mode: CPU
        random_seed: 7

        """;

    private const string Net = """
        name: "small"
        layer { name: "data" type: "Data" top: "data" top: "label" include { phase: TRAIN }
          transform_param { scale: 0.00390625 mirror: true crop_size: 24 mean_file: "mean.binaryproto" }
          data_param { source: "train_db" batch_size: 8 backend: LMDB } }
        layer { name: "data" type: "Data" top: "data" top: "label" include { phase: TEST }
          transform_param { scale: 0.00390625 crop_size: 24 mean_file: "mean.binaryproto" }
          data_param { source: "val_db" batch_size: 8 backend: LMDB } }
        layer { name: "conv1" type: "Convolution" bottom: "data" top: "conv1" param { lr_mult: 1 } param { lr_mult: 2 }
          convolution_param { num_output: 8 kernel_size: 5 weight_filler { type: "xavier" } } }
        layer { name: "pool1" type: "Pooling" bottom: "conv1" top: "pool1" pooling_param { pool: MAX kernel_size: 2 stride: 2 } }
        layer { name: "ip1" type: "InnerProduct" bottom: "pool1" top: "ip1" inner_product_param { num_output: 16 weight_filler { type: "xavier" } } }
        layer { name: "relu1" type: "ReLU" bottom: "ip1" top: "ip1" }
        layer { name: "drop1" type: "Dropout" bottom: "ip1" top: "ip1" }
        layer { name: "ip2" type: "InnerProduct" bottom: "ip1" top: "ip2" inner_product_param { num_output: 2 weight_filler { type: "xavier" } } }
        layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip2" bottom: "label" top: "loss" }
        layer { name: "accuracy" type: "Accuracy" bottom: "ip2" bottom: "label" top: "accuracy" include { phase: TEST } }

        """;
}
