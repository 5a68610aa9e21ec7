using System.Text.Json;
using System.Text.RegularExpressions;

namespace Cortado.Tests;

/// <summary>What the command says of files and arguments that are wrong: where, what, and what was probably meant.</summary>
public sealed class MessageTests(SmallTraining training) : IClassFixture<SmallTraining>
{
    /// <summary>Each command that builds a network names the layer's line, whichever way the network comes to it.</summary>
    [Theory]
    [InlineData("bottom: \"conv1\" top: \"pool1\"", "bottom: \"conv\" top: \"pool1\"", 10, "unknown bottom blob 'conv'", "Did you mean 'conv1'?")]
    [InlineData("type: \"Pooling\"", "type: \"Poling\"", 10, "unknown layer type \"Poling\"", "Did you mean \"Pooling\"?")]
    [InlineData("layer { name: \"pool1\"", "layer { name: \"twice\" type: \"TanH\" bottom: \"conv1\" top: \"data\" }\nlayer { name: \"pool1\"", 10, "top blob 'data' is already made", "")]
    [InlineData("kernel_size: 5", "kernel_size: 55", 8, "'conv1'", "55")]
    public void A_structural_fault_has_its_line(string old, string with, int line, string problem, string meant)
    {
        string text = File.ReadAllText(training.NetPath), name = "faulty" + Math.Abs(HashCode.Combine(1, line, with.Length)) + ".prototxt";
        Assert.Contains(old, text);
        string net = training[name], image = Directory.GetFiles(training["val/ball"])[0];
        File.WriteAllText(net, text.Replace(old, with, StringComparison.Ordinal));
        string solver = training.SolverWith("solver_of_" + name, $"net: \"{net.Replace('\\', '/')}\"");
        string inline = training.SolverWith("inline_" + name, $"net: \"x\"");
        File.WriteAllText(inline, "base_lr: 0.01 lr_policy: \"fixed\" max_iter: 1 snapshot_after_train: false solver_mode: CPU net_param {\n" + File.ReadAllText(net) + "}\n");
        CortadoRun.Succeed("train", "--solver", training.SolverWith("sound", "max_iter: 1"), "--no-doctor");
        string weights = training["sound_iter_1.caffemodel"];
        string[][] commands =
        [
            ["train", "--solver", solver, "--no-doctor"],
            ["train", "--solver", solver, "--no-doctor", "--batch", "3"],
            ["train", "--solver", inline, "--no-doctor"],
            ["test", "--model", net, "--weights", weights],
            ["test", "--model", net, "--weights", weights, "--batch", "3"],
            ["time", "--model", net],
            ["time", "--model", net, "--phase", "TEST", "--batch", "2"],
            ["classify", "--model", net, "--weights", weights, image],
        ];
        foreach (string[] command in commands)
        {
            CortadoRun run = CortadoRun.Run(command);
            Assert.Equal(1, run.ExitCode);
            string error = run.Error.Split('\n').Single(text => text.StartsWith("error: ", StringComparison.Ordinal));
            (string file, int at) = command.Contains(inline) ? (inline, line + 1) : (net, line);
            Assert.True(error.Contains($"{file}:{at}:", StringComparison.Ordinal), $"{string.Join(' ', command)}: {error}");
            Assert.Contains(problem, error, StringComparison.Ordinal);
            Assert.Contains(meant, error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_database_that_is_not_there_is_told_once()
    {
        string net = training["nodata.prototxt"];
        File.WriteAllText(net, File.ReadAllText(training.NetPath).Replace("train_db", "no_such_db", StringComparison.Ordinal));
        CortadoRun run = CortadoRun.Run("train", "--solver", training.SolverWith("nodata_solver", $"net: \"{net.Replace('\\', '/')}\""));
        Assert.Equal(1, run.ExitCode);
        Assert.Single(Regex.Matches(run.Error, "there is nothing at"));
        Assert.Matches(@"(?m)^error \[database\] layer 'data' \(TRAIN\)", run.Error);
        Assert.Matches(@"(?m)^error: the training cannot start, for what the doctor says above of layer 'data' \(TRAIN\)\.", run.Error);
        // Who did not ask the doctor is told by the error itself.
        CortadoRun without = CortadoRun.Run("train", "--no-doctor", "--solver", training["nodata_solver.prototxt"]);
        Assert.Matches("(?m)^error: .*nodata.prototxt:2:.*there is nothing at", without.Error);
    }

    [Theory]
    [InlineData("4000000000", "expected a whole number from 1 to 2147483647.")]
    [InlineData("0", "expected a whole number from 1 to 2147483647.")]
    [InlineData("1,5", "expected a whole number from 1 to 2147483647, without a comma.")]
    public void A_number_that_cannot_be_is_told_what_can(string number, string expected)
    {
        CortadoRun run = CortadoRun.Run("time", "--model", "x", "--batch", number);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains($"--batch {number}: {expected}", run.Error);
    }

    [Theory]
    [InlineData("-solver", "--solver F")]
    [InlineData("-solver=x", "--solver F")]
    [InlineData("-weights", "--weights F")]
    [InlineData("-gpu", "--device opencl")]
    [InlineData("--gpu=0", "--device opencl")]
    public void Caffes_options_are_told_what_they_are_called_here(string given, string here)
    {
        CortadoRun run = CortadoRun.Run("train", given, "x");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains($"hint: for Caffe's {given.Split('=')[0]}, give {here}", run.Error);
        Assert.DoesNotContain("hint:", CortadoRun.Run("train", "--solver", "x", "--nonsense").Error);
    }

    [Fact]
    public void A_decimal_comma_is_told_as_one()
    {
        string solver = training.SolverWith("comma", "base_lr: 0,01");
        CortadoRun run = CortadoRun.Run("train", "--solver", solver);
        Assert.Equal(1, run.ExitCode);
        Assert.Matches(@"comma\.prototxt:\d+:\d+: a comma stands inside the number of ""base_lr""; decimals stand behind a point", run.Error);
        // Between fields a comma may stand.
        File.WriteAllText(training["commas.prototxt"], "base_lr: 0.25, max_iter: 3,\nsolver_type: SGD");
        Assert.Contains("base_lr: 0.25", CortadoRun.Succeed("upgrade", training["commas.prototxt"]).Out);
    }

    [Fact]
    public void A_folder_is_called_a_folder()
    {
        string folder = training["folder.caffemodel"], image = Directory.GetFiles(training["val/ball"])[0];
        Directory.CreateDirectory(folder);
        Assert.Contains("folder.caffemodel: is a folder; expected a .caffemodel.", CortadoRun.Run("classify", "--model", training.NetPath, "--weights", folder, image).Error);
        Assert.Contains("folder.caffemodel: is a folder; expected a prototxt file.", CortadoRun.Run("time", "--model", folder).Error);
        Assert.Contains("folder.caffemodel: is a folder; expected a prototxt file.", CortadoRun.Run("train", "--solver", folder).Error);
        Assert.Contains("is a folder", CortadoRun.Run("train", "--no-doctor", "--solver", training.SolverPath, "--weights", folder).Error);
        foreach (string extension in new[] { ".solverstate", ".cortado" })
        {
            string snapshot = training["folder" + extension];
            Directory.CreateDirectory(snapshot);
            Assert.Contains("is a folder", CortadoRun.Run("train", "--no-doctor", "--solver", training.SolverPath, "--snapshot", snapshot).Error);
        }
    }

    [Fact]
    public void A_start_is_written_as_JSON_like_all_else()
    {
        using var folder = new ScratchFolder();
        CortadoProcess start = CortadoProcess.Run(folder.Path, "time", "--start", "--json", "--model", training.NetPath);
        Assert.True(start.ExitCode == 0, start.Error);
        JsonElement cold = JsonDocument.Parse(start.Out).RootElement.GetProperty("cold");
        Assert.Contains("totalMs", cold.EnumerateObject().Select(property => property.Name));
        Assert.All(cold.EnumerateObject(), property => Assert.True(char.IsLower(property.Name[0]), property.Name));
        Assert.True(cold.GetProperty("firstMs").GetDouble() > 0);
    }
}
