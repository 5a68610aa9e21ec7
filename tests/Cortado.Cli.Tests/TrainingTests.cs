using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Cortado.Backends.Cpu;
using Cortado.Formats;
using Cortado.Nets;

namespace Cortado.Tests;

/// <summary>The way from image files to an answer, and what may go wrong on it.</summary>
public class TrainingTests(SmallTraining training) : IClassFixture<SmallTraining>
{
    [Fact]
    public void Convert_makes_a_database_and_class_names()
    {
        Assert.Contains("48 images of 3x28x28", training.Convert.Out);
        Assert.Equal(["ball", "box"], File.ReadAllLines(training["labels.txt"]));
        CortadoRun again = CortadoRun.Run("convert", training["train"], training["train_db"], "--resize", "28");
        Assert.Equal(1, again.ExitCode);
        Assert.Contains("train_db", again.Error);
        string shown = CortadoRun.Succeed("inspect", training["train_db"]).Out;
        Assert.Contains("LMDB with 48 records", shown);
        Assert.Contains("48 records of 3x28x28 bytes", shown);
    }

    [Fact]
    public void Mean_writes_what_mean_file_reads()
    {
        Assert.Equal(3, Regex.Count(training.Mean.Out, @"^mean_value: \d+\.\d+\r?$", RegexOptions.Multiline));
        Assert.Contains("one array of 1x3x28x28", CortadoRun.Succeed("inspect", training["mean.binaryproto"]).Out);
        Assert.Equal(1, CortadoRun.Run("mean", training["train_db"], training["mean.binaryproto"]).ExitCode);
    }

    [Fact]
    public void Train_logs_as_Caffe_does_and_test_deploy_and_classify_follow()
    {
        CortadoRun train = CortadoRun.Succeed("train", "--solver", training.SolverWith("whole", ""));
        Assert.Matches(@"Iteration 4 \(.* iter/s, .*s/1 iters\), loss = \d", train.Out);
        Assert.Contains("Iteration 3, lr = 0.01", train.Out);
        Assert.Contains("Iteration 4, Testing net (#0)", train.Out);
        Assert.Matches(@"Test net output #0: accuracy = \d", train.Out);
        Assert.Contains("Optimization Done.", train.Out);
        string weights = training["whole_iter_8.caffemodel"];

        CortadoRun test = CortadoRun.Succeed("test", "--model", training.NetPath, "--weights", weights, "--iterations", "2");
        Assert.Matches(@"(?m)^accuracy = \d", test.Out);
        Assert.Matches(@"(?m)^loss = \S+ \(\* 1 = \S+ loss\)", test.Out);
        Assert.Equal(Last(train.Out, @"Test net output #1: loss = (\S+)"), Last(test.Out, @"(?m)^loss = (\S+)"), tolerance: 1e-4);

        string deploy = training["whole/deploy.prototxt"];
        Directory.CreateDirectory(Path.GetDirectoryName(deploy)!);
        CortadoRun derived = CortadoRun.Succeed("deploy", "--model", training.NetPath, "--output", deploy);
        Assert.Contains("crop 24 x 24", derived.Out);
        string image = Directory.GetFiles(training["val/ball"])[0];
        CortadoRun text = CortadoRun.Succeed("classify", "--model", deploy, "--weights", weights, "--top", "1", image);
        Assert.Matches(@"\d\.\d{4}  (ball|box)", text.Out);

        CortadoRun json = CortadoRun.Succeed("classify", "--model", training.NetPath, "--weights", weights, "--json", image, image);
        JsonElement[] answers = [.. JsonDocument.Parse(json.Out).RootElement.EnumerateArray()];
        Assert.Equal(2, answers.Length);
        Assert.Equal(image, answers[0].GetProperty("image").GetString());
        double sum = answers[0].GetProperty("classes").EnumerateArray().Sum(score => score.GetProperty("probability").GetDouble());
        Assert.Equal(1, sum, tolerance: 1e-5);
    }

    [Fact]
    public void A_resumed_training_ends_in_the_same_bytes()
    {
        CortadoRun.Succeed("train", "--solver", training.SolverWith("through", ""), "--no-doctor");
        CortadoRun.Succeed("train", "--solver", training.SolverWith("half", ""), "--no-doctor", "--max-iter", "4");
        CortadoRun resumed = CortadoRun.Succeed("train", "--solver", training.SolverWith("half", ""), "--snapshot", training["half_iter_4.cortado"]);
        Assert.Contains("Iteration 4", resumed.Out);
        Assert.DoesNotContain("Iteration 3", resumed.Out);
        Assert.Equal(File.ReadAllBytes(training["through_iter_8.caffemodel"]), File.ReadAllBytes(training["half_iter_8.caffemodel"]));
        string shown = CortadoRun.Succeed("inspect", training["half_iter_4.solverstate"]).Out;
        Assert.Contains("after iteration 4", shown);
        shown = CortadoRun.Succeed("inspect", training["half_iter_4.cortado"]).Out;
        Assert.Contains("network 'small' after iteration 4: SGD, seed 7", shown);
        Assert.Contains("8x3x5x5", shown);
    }

    [Fact]
    public void Seed_batch_and_iterations_can_be_given()
    {
        CortadoRun.Succeed("train", "--solver", training.SolverWith("a", ""), "--no-doctor", "--seed", "11", "--batch", "4", "--max-iter", "2");
        CortadoRun.Succeed("train", "--solver", training.SolverWith("b", ""), "--no-doctor", "--seed", "12", "--batch", "4", "--max-iter", "2");
        Assert.NotEqual(File.ReadAllBytes(training["a_iter_2.caffemodel"]), File.ReadAllBytes(training["b_iter_2.caffemodel"]));
    }

    [Fact]
    public void A_diverging_training_stops_with_3_says_why_and_leaves_the_healthy_snapshot()
    {
        string solver = training.SolverWith("wild", "base_lr: 1e12; snapshot: 1; max_iter: 50");
        CortadoRun run = CortadoRun.Run("train", "--solver", solver, "--no-doctor");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("diverged", run.Error);
        Assert.False(File.Exists(training["wild_iter_50.caffemodel"]));
        Assert.Equal(3, CortadoRun.Run("train", "--solver", solver, "--no-doctor", "--keep-going", "--max-iter", "6").ExitCode);
    }

    [Fact]
    public async Task Interrupting_a_training_writes_a_snapshot_and_exits_with_130()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows cannot send Ctrl+C to one process alone.");
        using Process process = CortadoProcess.Start(training.Folder, null, "train", "--solver", training.SolverWith("stopped", "max_iter: 1000000; snapshot: 0; test_interval: 1000"), "--no-doctor");
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        while (process.StandardOutput.ReadLine() is { } line && !line.Contains("Iteration 5,", StringComparison.Ordinal)) { }
        // Not SIGINT: where the tests run in the background (nohup, a shell's &), their children inherit that it is ignored. Both go the same way.
        Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]).WaitForExit();
        Task<string> rest = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        bool ended = process.WaitForExit(TimeSpan.FromMinutes(2));
        if (!ended) process.Kill();
        Assert.True(ended, "The training went on after it was told to end.");
        await rest;
        string error = await errors;
        Assert.True(process.ExitCode == 130, $"exit code {process.ExitCode}: {error}");
        string checkpoint = Assert.Single(Directory.GetFiles(training.Folder, "stopped_iter_*.cortado"));
        Assert.Contains(Path.GetFileName(checkpoint), error);
    }

    [Fact]
    public void Weights_that_are_not_finite_are_named_with_their_layer()
    {
        using var backend = new CpuBackend(1);
        using Net net = Net.Build(NetFile.Load(training.NetPath).Message, new NetOptions { Backend = backend, Databases = new Lmdb.LmdbProvider(), FileName = training.NetPath });
        net.FindLayer("ip1")!.Layer.Blobs[0].WriteData()[3] = float.NaN;
        string weights = training["broken.caffemodel"];
        WeightSaver.Save(net, weights);
        string image = Directory.GetFiles(training["val/box"])[0];
        foreach (string[] args in new string[][] { ["classify", "--model", training.NetPath, "--weights", weights, image], ["test", "--model", training.NetPath, "--weights", weights] })
        {
            CortadoRun run = CortadoRun.Run(args);
            Assert.Equal(1, run.ExitCode);
            Assert.Contains("'ip1'", run.Error);
            Assert.DoesNotContain("nan", run.Out, StringComparison.OrdinalIgnoreCase);
        }
        CortadoRun shown = CortadoRun.Succeed("inspect", weights);
        Assert.Contains("1 numbers are NaN or infinite", shown.Out);
    }

    [Fact]
    public void Doctor_finds_unscaled_input_and_applies_its_edits()
    {
        using var folder = new ScratchFolder();
        string net = File.ReadAllText(training.NetPath).Replace("scale: 0.00390625 ", "", StringComparison.Ordinal).Replace("mean_file: \"mean.binaryproto\" ", "", StringComparison.Ordinal)
            .Replace("train_db", training["train_db"].Replace('\\', '/'), StringComparison.Ordinal).Replace("val_db", training["val_db"].Replace('\\', '/'), StringComparison.Ordinal);
        folder.Write("net.prototxt", net);
        string solver = folder.Write("solver.prototxt", File.ReadAllText(training.SolverPath).Replace("base_lr: 0.01", "base_lr: 0.03", StringComparison.Ordinal));
        CortadoRun look = CortadoRun.Run("doctor", "--solver", solver);
        Assert.Contains("input-range", look.Out);
        Assert.Contains("+", look.Out);
        CortadoRun.Succeed("doctor", "--solver", solver, "--apply");
        Assert.Contains("scale: 0.00390625", File.ReadAllText(folder["net.prototxt"]));
        Assert.Equal(net, File.ReadAllText(folder["net.prototxt.orig"]));
        Assert.DoesNotContain("input-range", CortadoRun.Succeed("doctor", "--solver", solver).Out);
    }

    [Fact]
    public void Doctor_is_content_with_a_healthy_training() =>
        Assert.Contains("nothing to worry about", CortadoRun.Succeed("doctor", "--solver", training.SolverPath).Out);

    private static double Last(string text, string pattern) =>
        double.Parse(Regex.Matches(text, pattern)[^1].Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
}
