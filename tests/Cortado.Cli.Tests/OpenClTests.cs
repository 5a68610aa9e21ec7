using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Cortado.OpenCL;

namespace Cortado.Tests;

/// <summary>OpenCL devices as the command meets them: good ones, those that fail, and none at all.</summary>
public sealed class OpenClTests(SmallTraining training) : IClassFixture<SmallTraining>
{
    private static readonly string LeNet = Path.Combine(GoldenFolder.Repository, "tests", "Golden", "netshapes", "lenet.prototxt");

    [Theory]
    [InlineData("-5", "CL_OUT_OF_RESOURCES (-5)")]
    [InlineData("-9999:later", "CL_NVIDIA_ILLEGAL_BUFFER_READ_OR_WRITE (-9999)")]
    public void A_device_that_fails_ends_the_training_with_the_drivers_words_and_what_to_go_on_from(string fault, string name)
    {
        SkipWithoutDevice();
        string solver = training.SolverWith("failing" + fault.Length, "max_iter: 100000; snapshot: 2");
        CortadoProcess train = CortadoProcess.Run(training.Folder, Failing("800:" + fault), "train", "--solver", solver, "--device", "opencl", "--no-doctor");
        Assert.Equal(4, train.ExitCode);
        Assert.Contains(name, train.Error);
        Assert.DoesNotContain("something unexpected", train.Error);
        Match resume = Regex.Match(train.Error, @"go on with --snapshot (\S+\.cortado)");
        Assert.True(resume.Success, train.Error);
        CortadoProcess again = CortadoProcess.Run(training.Folder, "train", "--solver", solver, "--device", "opencl", "--snapshot", resume.Groups[1].Value, "--max-iter", "1");
        Assert.Equal(0, again.ExitCode);
    }

    [Fact]
    public void A_training_says_what_it_compiles_before_the_first_iteration_and_a_second_one_compiles_nothing()
    {
        SkipWithoutDevice();
        var environment = new Dictionary<string, string> { ["CORTADO_CACHE"] = training["kernels"] };
        string solver = training.SolverWith("prepared", "max_iter: 2");
        CortadoProcess first = Train();
        Assert.Matches("no compiled kernels are cached for .*\n(.*\n)*note: prepared OpenCL in [0-9.]+ s: [0-9]+ kernels compiled.", first.Error);
        CortadoProcess second = Train();
        Assert.DoesNotContain("compiled", second.Error);
        Assert.Equal(Losses(first.Out), Losses(second.Out));

        CortadoProcess Train()
        {
            CortadoProcess train = CortadoProcess.Run(training.Folder, environment, "train", "--solver", solver, "--device", "opencl", "--no-doctor");
            Assert.Equal(0, train.ExitCode);
            return train;
        }

        static string[] Losses(string text) => Regex.Matches(text, "loss = .*").Select(match => match.Value).ToArray();
    }

    [Fact]
    public void A_device_that_fails_while_it_classifies_says_so_once()
    {
        SkipWithoutDevice();
        CortadoRun.Succeed("train", "--solver", training.SolverWith("classified", "max_iter: 1"), "--no-doctor");
        string image = Directory.GetFiles(training["val/ball"])[0];
        CortadoProcess classify = CortadoProcess.Run(training.Folder, Failing("60:-2"), "classify", "--device", "opencl", "--model", training.NetPath,
            "--weights", training["classified_iter_1.caffemodel"], image, image, image, image, image, image, image, image);
        Assert.Equal(4, classify.ExitCode);
        Assert.Single(Regex.Matches(classify.Error, "error: "));
        Assert.Contains("CL_DEVICE_NOT_AVAILABLE (-2)", classify.Error);
    }

    [Fact]
    public void A_device_that_fails_while_it_is_measured_is_passed_over()
    {
        SkipWithoutDevice();
        using var folder = new ScratchFolder();
        CortadoProcess devices = CortadoProcess.Run(folder.Path, Failing("3:-5"), "devices");
        Assert.Equal(0, devices.ExitCode);
        Assert.Matches(@"(?m)^opencl:0:0: .* failed in .*CL_OUT_OF_RESOURCES \(-5\)", devices.Out);
        CortadoProcess automatic = CortadoProcess.Run(folder.Path, Failing("3:-5"), "time", "--model", LeNet, "--batch", "1", "--iterations", "1", "--device", "auto");
        Assert.Equal(0, automatic.ExitCode);
        Assert.Matches(@"--device auto takes the CPU \(managed backend.*no OpenCL device here can be used\. opencl:0:0 cannot be used: .*CL_OUT_OF_RESOURCES", automatic.Error);
    }

    [Fact]
    public void Devices_says_all_of_a_device()
    {
        SkipWithoutDevice();
        using var folder = new ScratchFolder();
        var environment = new Dictionary<string, string> { ["CORTADO_CACHE"] = folder["cache"] };
        foreach (string cached in new[] { "no kernels, not tuned", @"[0-9]+ kernels? \(([0-9.]+ MiB|kept by the driver)\), not tuned" })
        {
            CortadoProcess devices = CortadoProcess.Run(folder.Path, environment, "devices");
            Assert.Equal(0, devices.ExitCode);
            OpenClDevice device = OpenClPlatforms.Discover().Devices[0];
            string line = devices.Out.Split('\n').First(text => text.StartsWith(device.Key, StringComparison.Ordinal));
            Assert.Contains(device.Name, line);
            Assert.Contains(device.DriverVersion, line);
            Assert.Matches(@$" {device.ComputeUnits} +[0-9.]+ GiB +(yes|no) .* [0-9]+ GFLOP/s +[0-9]+ GB/s +{cached}", line);
        }
    }

    /// <summary>No driver, a driver that is not there, one that is no library, no loader, a loader that is no library.</summary>
    [Theory]
    [InlineData("empty")]
    [InlineData("bogus")]
    [InlineData("text")]
    [InlineData("not a driver")]
    [InlineData("no loader")]
    [InlineData("broken loader")]
    [InlineData("not a loader")]
    public void Without_OpenCL_it_is_said_in_a_sentence_and_the_managed_backend_computes(string what)
    {
        Dictionary<string, string> environment = Without(what, out string sentence);
        using var folder = new ScratchFolder();
        CortadoProcess devices = CortadoProcess.Run(folder.Path, environment, "devices");
        Assert.Equal(0, devices.ExitCode);
        Assert.Contains("managed backend", devices.Out);
        Assert.Contains(sentence, devices.Out);
        Assert.DoesNotContain("Exception", devices.Out + devices.Error);
        Automatic(folder.Path, environment, sentence, "time", "--model", LeNet, "--batch", "1", "--iterations", "1");
        Refused(folder.Path, environment, sentence, "time", "--model", LeNet, "--batch", "1", "--iterations", "1");
    }

    [Fact]
    public void Without_OpenCL_every_command_that_takes_a_device_says_so()
    {
        Dictionary<string, string> environment = Without("no loader", out string sentence);
        string solver = training.SolverWith("without", "max_iter: 1; solver_mode: GPU"), image = Directory.GetFiles(training["val/ball"])[0];
        string weights = training["without_iter_1.caffemodel"];
        string[][] commands =
        [
            ["train", "--solver", solver, "--no-doctor"],
            ["test", "--model", training.NetPath, "--weights", weights, "--iterations", "1"],
            ["classify", "--model", training.NetPath, "--weights", weights, image],
            ["doctor", "--solver", solver],
            ["time", "--model", training.NetPath, "--batch", "1", "--iterations", "1"],
            ["time", "--start", "--model", training.NetPath],
        ];
        foreach (string[] command in commands)
        {
            // A start is timed in a process of its own, whose remarks nobody reads.
            if (command[1] != "--start") Automatic(training.Folder, environment, sentence, command);
            Refused(training.Folder, environment, sentence, command);
        }
        CortadoProcess mode = CortadoProcess.Run(training.Folder, environment, "train", "--solver", solver, "--no-doctor");
        Assert.Equal(0, mode.ExitCode);
        Assert.Contains("solver_mode: GPU takes the CPU (managed backend", mode.Error);
        CortadoProcess tune = CortadoProcess.Run(training.Folder, environment, "tune");
        Assert.Equal(1, tune.ExitCode);
        Assert.Contains(sentence, tune.Error);
        Assert.Single(Regex.Matches(tune.Error, "error: "));
    }

    /// <summary>The choice is left to the command: it takes the managed backend and says why.</summary>
    private static void Automatic(string folder, Dictionary<string, string> environment, string sentence, params string[] command)
    {
        CortadoProcess run = CortadoProcess.Run(folder, environment, [.. command, "--device", "auto"]);
        Assert.True(run.ExitCode == 0, $"{command[0]}: {run.Error}");
        Assert.Contains("--device auto takes the CPU (managed backend", run.Error);
        Assert.Contains(sentence, run.Error);
        Assert.DoesNotContain("Exception", run.Out + run.Error);
    }

    /// <summary>OpenCL is asked for by name: one error.</summary>
    private static void Refused(string folder, Dictionary<string, string> environment, string sentence, params string[] command)
    {
        CortadoProcess run = CortadoProcess.Run(folder, environment, [.. command, "--device", "opencl"]);
        Assert.True(run.ExitCode == 1, $"{command[0]}: {run.ExitCode} {run.Error}");
        Assert.Single(Regex.Matches(run.Error, "error: "));
        Assert.Contains(sentence, run.Error);
        Assert.Contains("Or use --device cpu.", run.Error);
        Assert.DoesNotContain("Exception", run.Out + run.Error);
    }

    /// <summary>What makes OpenCL be missing in a process, and how the sentence begins that says so.</summary>
    private Dictionary<string, string> Without(string what, out string sentence)
    {
        sentence = "OpenCL cannot be loaded here";
        if (what == "no loader") return new Dictionary<string, string> { ["CORTADO_OPENCL_LIBRARY"] = "libNoSuchOpenCL.so.1" };
        if (!RuntimeInformation.IsOSPlatform(OSPlatform.Linux)) Assert.Skip("How loaders and drivers are found is the system's own; this is Linux's way.");
        if (what == "not a loader") return new Dictionary<string, string> { ["CORTADO_OPENCL_LIBRARY"] = "libc.so.6" };
        string drivers = training[what + " drivers"], text = training[what + ".so.1"];
        Directory.CreateDirectory(drivers);
        File.WriteAllText(text, "not a library\n");
        if (what == "broken loader") return new Dictionary<string, string> { ["CORTADO_OPENCL_LIBRARY"] = text };
        if (what == "bogus") File.WriteAllText(Path.Combine(drivers, "bogus.icd"), "libno_such_driver.so.1\n");
        if (what == "text") File.WriteAllText(Path.Combine(drivers, "text.icd"), text + "\n");
        if (what == "not a driver") File.WriteAllText(Path.Combine(drivers, "c.icd"), "libc.so.6\n");
        if (OpenClPlatforms.Discover().Devices.Any()) sentence = "OpenCL is installed but no driver that works is";
        return new Dictionary<string, string> { ["OCL_ICD_VENDORS"] = drivers };
    }

    private static Dictionary<string, string> Failing(string fault) => new() { ["CORTADO_FAIL_COMMAND"] = fault };

    private static void SkipWithoutDevice()
    {
        OpenClPlatforms platforms = OpenClPlatforms.Discover();
        if (platforms.Devices.Count == 0) Assert.Skip(platforms.Problem!);
    }
}
